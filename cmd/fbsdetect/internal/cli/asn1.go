package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper/asn1"
)

// newASN1 compiles modules of another release than the program carries.
func newASN1(e *env) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "asn1 lte|nr|umts MODULE...",
		Short: "Compile the ASN.1 modules of an RRC release for --rrc",
		Long: `asn1 compiles the ASN.1 modules of RRC, as 3GPP publishes them (TS 36.331, 38.331,
25.331), into the schema that --rrc reads. MODULE is a file of ASN.1 text or a folder
of such files (*.asn, *.asn1).`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			rat, ok := rrc.ParseRAT(args[0])
			if !ok {
				return fmt.Errorf("%q is none of lte, nr, umts", args[0])
			}
			modules, err := readModules(args[1:])
			if err != nil {
				return err
			}
			s, err := asn1.Compile(asn1.Release(modules...), rrc.Roots(rat), modules...)
			if err != nil {
				return err
			}
			b, err := rrc.Pack(s)
			if err != nil {
				return err
			}
			if len(s.Roots) == 0 {
				return errors.New("the modules hold no message of RRC")
			}
			if err := os.WriteFile(out, b, 0o644); err != nil {
				return err
			}
			fmt.Fprintf(e.stdout, "%s: %s, %d messages, %d types, %d octets\n", out, releaseName(s.Release), len(s.Roots), len(s.Types), len(b))
			return nil
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "write the schema to this `file`")
	if err := c.MarkFlagRequired("output"); err != nil {
		panic(err)
	}
	return c
}

func releaseName(s string) string {
	if s == "" {
		return "release not stated"
	}
	return s
}

// readModules reads files of ASN.1 text, and those in folders.
func readModules(paths []string) ([]asn1.Source, error) {
	var out []asn1.Source
	for _, p := range paths {
		files := []string{p}
		if fi, err := os.Stat(p); err == nil && fi.IsDir() {
			files = nil
			for _, pattern := range []string{"*.asn", "*.asn1"} {
				found, err := filepath.Glob(filepath.Join(p, pattern))
				if err != nil {
					return nil, err
				}
				files = append(files, found...)
			}
			if len(files) == 0 {
				return nil, fmt.Errorf("%s: no *.asn or *.asn1 in this folder", p)
			}
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			out = append(out, asn1.Source{Name: f, Text: text})
		}
	}
	return out, nil
}
