// Command generate compiles the RRC modules of 3GPP into the schemas that package rrc
// embeds:
//
//	go run ./generate -o . [DIR]
//
// DIR, else the environment variable FBSDETECT_ASN1, else ../../../shared/asn1 holds
// the folders lte, nr and umts with the modules as files *.asn. With -o elsewhere it
// makes schemas of other releases, for rrc.Unpack.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper/asn1"
)

func main() {
	out := flag.String("o", ".", "folder to write the schemas to")
	flag.Parse()
	dir := cmp.Or(flag.Arg(0), os.Getenv("FBSDETECT_ASN1"), filepath.FromSlash("../../../shared/asn1"))
	if err := generate(dir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate writes the schema of each RAT whose modules are in dir to out.
func generate(dir, out string) error {
	none := true
	for _, r := range []rrc.RAT{rrc.LTE, rrc.NR, rrc.UMTS} {
		b, err := compile(r, filepath.Join(dir, r.String()))
		if err != nil {
			return err
		}
		if b == nil {
			continue
		}
		none = false
		if err := os.WriteFile(filepath.Join(out, r.String()+".schema"), b, 0o644); err != nil {
			return err
		}
	}
	if none {
		return errors.New("no modules in lte, nr and umts of " + dir)
	}
	return nil
}

// compile returns the packed schema of the modules in dir; nil if there are none.
func compile(r rrc.RAT, dir string) ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.asn"))
	if err != nil || len(files) == 0 {
		return nil, err
	}
	var modules []asn1.Source
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		modules = append(modules, asn1.Source{Name: f, Text: text})
	}
	s, err := asn1.Compile(asn1.Release(modules...), rrc.Roots(r), modules...)
	if err != nil {
		return nil, err
	}
	return rrc.Pack(s)
}
