package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/evidence"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// passwordVariable is the environment variable with the password of a signing key.
const passwordVariable = "FBSDETECT_SIGN_PASSWORD"

func newEvidence(e *env) *cobra.Command {
	var (
		read  reading
		judge judging
		past  known
		place placing
		lang  speaking
		seal  sealing
		pkg   evidence.Package
		path  string
	)
	c := &cobra.Command{
		Use:   "evidence -o FILE CAPTURE...",
		Short: "Pack a report with the frames that it rests on",
		Long: `Score every cell heard in the captures and pack what supports the result into one zip:
the report in every form, the frames that findings rest on as a pcapng with comments that
say which rule and why, and a manifest with the hashes of the captures, taken before the
analysis, and of all that is in the package. Same captures and options give the same
package, octet for octet; an encrypted one holds the same package.

"fbsdetect evidence verify" checks a package.`,
		Example: `  fbsdetect evidence --case 2026-17 --officer "A. Example" -o case.zip drive.pcapng
  fbsdetect evidence --include-captures --sign minisign.key -o case.zip captures/
  fbsdetect evidence --lang th --positions drive.gpx -o case.zip drive.pcapng
  fbsdetect evidence --encrypt-to age1... -o case.zip drive.pcapng`,
		Args: cobra.MinimumNArgs(1),
	}
	read.register(c)
	judge.register(c)
	past.register(c)
	place.register(c)
	lang.register(c)
	seal.register(c)
	f := c.Flags()
	f.StringVarP(&path, "output", "o", "", "write the package to this `file`; encrypted, to this name with .age behind it")
	f.StringVar(&pkg.Case.Case, "case", "", "`number` of the case, for report and manifest")
	f.StringVar(&pkg.Case.Officer, "officer", "", "`name` of the officer, for report and manifest")
	f.StringVar(&pkg.Case.Place, "place", "", "`place` of the capture, for report and manifest")
	f.StringVar(&pkg.Case.Note, "note", "", "`text` for report and manifest")
	f.BoolVar(&pkg.IncludeCaptures, "include-captures", false, "put the captures into the package, with all identities in them")
	f.BoolVar(&pkg.Redact, "redact", false, "overwrite identities and texts of persons in the frames with pseudonymous ones of the same length")
	c.MarkFlagsMutuallyExclusive("redact", "include-captures")
	c.MarkFlagsMutuallyExclusive("redact", "reveal")
	c.AddCommand(newEvidenceVerify(e))
	c.RunE = func(c *cobra.Command, args []string) error {
		if path == "" {
			return errors.New("--output is missing: a package is a file")
		}
		opt := &pkg.Options
		if err := errors.Join(lang.check(), read.apply(c, opt), judge.apply(opt), place.apply(c, opt), seal.apply(e, &pkg)); err != nil {
			return err
		}
		pkg.RRC, pkg.Language = read.schemas, lang.code
		if err := past.open(opt); err != nil {
			return err
		}
		defer past.close(opt)
		sources, missing := e.sources(args)
		if missing != nil && !errors.Is(missing, detect.ErrInput) || len(sources) == 0 {
			return missing
		}
		for _, s := range sources {
			if s.Path == "-" {
				return errors.New("standard input cannot be hashed before it is analysed: give a file")
			}
		}
		pkg.Sources = sources
		step, done := e.progress(sources)
		opt.Progress = step
		defer done()
		doc, err := seal.write(c.Context(), &pkg, path)
		done()
		if err != nil && !errors.Is(err, detect.ErrInput) {
			return err
		}
		if werr := e.packed(doc, seal.name(path), pkg.Redact); werr != nil {
			return werr
		}
		return join(missing, err)
	}
	return c
}

// packed says what was written.
func (e *env) packed(doc *report.Document, path string, redacted bool) error {
	persons := "with identities of persons in them as on the air (--redact overwrites them)"
	if redacted {
		persons = "redacted"
	}
	_, err := fmt.Fprintf(e.stdout, "%s: report on %s in %s, and the frames that it rests on, %s\n", report.Escape(path),
		count(len(doc.Cells), "cell"), count(len(doc.Captures), "capture"), persons)
	return err
}

// sealing are the flags that sign and encrypt a package.
type sealing struct {
	key          string
	passwordFile string
	to           []string
}

func (s *sealing) register(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.key, "sign", "", "sign the manifest with the minisign secret key in this `file`; its password is taken from --password-file, "+passwordVariable+" or the terminal")
	f.StringVar(&s.passwordFile, "password-file", "", "`file` whose first line is the password of the key")
	f.StringArrayVar(&s.to, "encrypt-to", nil, "encrypt the package to this `recipient` of age, age1... (repeatable)")
}

// apply reads the keys before any capture is read.
func (s *sealing) apply(e *env, p *evidence.Package) error {
	if _, err := evidence.Recipients(s.to); err != nil {
		return fmt.Errorf("--encrypt-to: %w", err)
	}
	if s.key == "" {
		return nil
	}
	sign, err := evidence.Signer(s.key, func() (string, error) { return e.password(s.passwordFile) })
	if err != nil {
		return fmt.Errorf("--sign: %w", err)
	}
	p.Sign = sign
	return nil
}

// password finds the password of a key.
func (e *env) password(file string) (string, error) {
	if file != "" {
		b, err := evidence.ReadKeyFile(file)
		line, _, _ := bytes.Cut(b, []byte("\n"))
		return strings.TrimSuffix(string(line), "\r"), err
	}
	if s, ok := os.LookupEnv(passwordVariable); ok {
		return s, nil
	}
	f, ok := e.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", fmt.Errorf("needs a password: --password-file or %s", passwordVariable)
	}
	fmt.Fprint(e.stderr, "Password of the signing key: ")
	b, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(e.stderr)
	return string(b), err
}

// name is the name of the file that is written.
func (s *sealing) name(path string) string {
	if len(s.to) > 0 && !strings.HasSuffix(path, ".age") {
		path += ".age"
	}
	return path
}

// write makes the package beside its place and moves it there when it is whole. With
// errors.Is(err, detect.ErrInput) it was made from what could be read.
func (s *sealing) write(ctx context.Context, p *evidence.Package, path string) (*report.Document, error) {
	path = s.name(path)
	for _, src := range p.Sources {
		if same(src.Path, path) {
			return nil, fmt.Errorf("--output %s is one of the captures", path)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".fbsdetect-*")
	if err != nil {
		return nil, fmt.Errorf("--output: %w", err)
	}
	defer os.Remove(f.Name()) // gone after it was renamed
	doc, err := s.fill(ctx, f, p)
	if cerr := f.Close(); cerr != nil {
		return doc, fmt.Errorf("write package: %w", cerr)
	}
	if err != nil && !errors.Is(err, detect.ErrInput) {
		return doc, err
	}
	if rerr := os.Rename(f.Name(), path); rerr != nil {
		return doc, fmt.Errorf("write package: %w", rerr)
	}
	return doc, err
}

func (s *sealing) fill(ctx context.Context, w io.Writer, p *evidence.Package) (*report.Document, error) {
	if len(s.to) == 0 {
		return evidence.Make(ctx, w, p)
	}
	to, err := evidence.Recipients(s.to)
	if err != nil {
		return nil, fmt.Errorf("--encrypt-to: %w", err)
	}
	out, err := evidence.Encrypt(w, to)
	if err != nil {
		return nil, err
	}
	doc, err := evidence.Make(ctx, out, p)
	if err != nil && !errors.Is(err, detect.ErrInput) {
		return doc, err
	}
	if cerr := out.Close(); cerr != nil {
		return doc, fmt.Errorf("encrypt: %w", cerr)
	}
	return doc, err
}

// same reports whether two paths name one file.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func newEvidenceVerify(e *env) *cobra.Command {
	var (
		read               reading
		past               known
		public, identities string
		captures           string
	)
	c := &cobra.Command{
		Use:   "verify PACKAGE",
		Short: "Check an evidence package",
		Long: `Check that every file of a package is the one in its manifest, that nothing is missing,
added or hidden between the files, and the signature, if a key is given. Where the captures
are in the package or in the folder --captures, repeat the analysis and compare what it
gives, octet for octet. The exit code is 1 if anything differs.`,
		Example: `  fbsdetect evidence verify case.zip
  fbsdetect evidence verify --public-key minisign.pub --captures captures/ case.zip
  fbsdetect evidence verify --identity age.key case.zip.age`,
		Args: cobra.ExactArgs(1),
	}
	past.register(c)
	f := c.Flags()
	read.registerKey(c)
	read.registerRRC(c)
	f.StringVar(&public, "public-key", "", "check the signature by this minisign `key`, or the file that holds it")
	f.StringVar(&identities, "identity", "", "open an encrypted package with the secret keys of age in this `file`")
	f.StringVar(&captures, "captures", "", "`folder` with the captures, if the package does not hold them")
	c.RunE = func(c *cobra.Command, args []string) error {
		var opt detect.Options
		given := evidence.Given{Captures: captures}
		if err := read.apply(c, &opt); err != nil {
			return err
		}
		given.Key, given.Schemas, given.RRC = opt.Key, opt.RRC, read.schemas
		if public != "" {
			key, err := evidence.PublicKey(public)
			if err != nil {
				return fmt.Errorf("--public-key: %w", err)
			}
			given.PublicKey = &key
		}
		if identities != "" {
			list, err := evidence.Identities(identities)
			if err != nil {
				return fmt.Errorf("--identity: %w", err)
			}
			given.Identities = list
		}
		if err := past.open(&opt); err != nil {
			return err
		}
		defer past.close(&opt)
		given.Baseline = opt.Baseline
		v, err := evidence.Verify(c.Context(), args[0], given)
		if err != nil {
			return err
		}
		if err := v.WriteText(e.stdout); err != nil {
			return err
		}
		if !v.Passed() {
			return errFindings
		}
		return nil
	}
	return c
}
