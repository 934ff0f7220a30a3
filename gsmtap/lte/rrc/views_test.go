package rrc_test

import (
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

func read(m *rrc.Message) { _ = lterrc.SIB1{} }
