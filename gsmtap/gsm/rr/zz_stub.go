package rr

type dedicatedMessages struct{}

func (d *dedicatedMessages) pick(mt uint8) message { return nil }
func messageName(mt uint8) (string, bool)          { return "", false }
