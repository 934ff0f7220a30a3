package cli

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/evidence"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/track"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// reading are the flags of all commands that read captures.
type reading struct {
	reveal   bool
	reason   string
	key      string
	keyFile  string
	storeKey string
	ports    []string
	dlt      []string
	rrc      []string
	// schemas are the SHA-256 hashes of the files of rrc, by RAT.
	schemas map[string]string
}

func (r *reading) register(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&r.reveal, "reveal", false, "print identities of persons in full instead of pseudonyms; needs --reason")
	f.StringVar(&r.reason, "reason", "", "`why` identities are revealed; stands in the result")
	r.registerKey(c)
	f.StringVar(&r.storeKey, "store-key", "", "make pseudonyms with a new random key and write it to this `file`, which must not exist; --key-file reads it")
	f.StringArrayVar(&r.ports, "port", nil, "UDP `port` that carries GSMTAP besides 4729 (repeatable)")
	f.StringArrayVar(&r.dlt, "dlt", nil, "what a private link type carries, as `NUMBER=KIND`, such as 148=nas-eps (repeatable); kinds: "+strings.Join(detect.LinkTypeKinds(), ", "))
	r.registerRRC(c)
}

// registerKey adds the flags that give the key of pseudonyms.
func (r *reading) registerKey(c *cobra.Command) {
	c.Flags().StringVar(&r.key, "key", "", "make pseudonyms with this `secret`, so that they agree between runs; default: from the captures")
	c.Flags().StringVar(&r.keyFile, "key-file", "", "make pseudonyms with the key in this `file`, so that the reports of one case agree")
}

func (r *reading) registerRRC(c *cobra.Command) {
	c.Flags().StringArrayVar(&r.rrc, "rrc", nil, "decode RRC by the release in a file that the command asn1 made, as `RAT=FILE` (repeatable)")
}

// hidePersonal hides the flags on identities of persons, for commands whose result
// holds none.
func (r *reading) hidePersonal(c *cobra.Command) {
	for _, name := range []string{"reveal", "reason", "key", "key-file", "store-key"} {
		if err := c.Flags().MarkHidden(name); err != nil {
			panic(err)
		}
	}
}

// maxSchema bounds a schema file in octets; that of LTE's release 17 has a hundred
// thousand.
const maxSchema = 4 << 20

// schema reads one --rrc.
func (r *reading) schema(s string) (rrc.RAT, *uper.Schema, error) {
	name, path, ok := strings.Cut(s, "=")
	rat, known := rrc.ParseRAT(name)
	if !ok || !known {
		return 0, nil, fmt.Errorf("--rrc %q: want lte=FILE, nr=FILE or umts=FILE", s)
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, nil, fmt.Errorf("--rrc: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSchema))
	if err != nil {
		return 0, nil, fmt.Errorf("--rrc %s: %w", path, err)
	}
	set, err := rrc.Unpack(b)
	if err != nil {
		return 0, nil, fmt.Errorf("--rrc %s: %w", path, err)
	}
	if r.schemas == nil {
		r.schemas = map[string]string{}
	}
	sum := sha256.Sum256(b)
	r.schemas[rat.String()] = hex.EncodeToString(sum[:])
	return rat, set, nil
}

// apply checks the flags and puts them into opt.
func (r *reading) apply(c *cobra.Command, opt *detect.Options) error {
	opt.Reveal, opt.Reason = r.reveal, strings.TrimSpace(r.reason)
	switch {
	case opt.Reveal && opt.Reason == "":
		return errors.New("--reveal needs --reason: it stands in the result")
	case !opt.Reveal && r.reason != "":
		return errors.New("--reason is for --reveal")
	}
	key, err := r.pseudonymKey(c)
	if err != nil {
		return err
	}
	opt.Key = key
	for _, s := range r.ports {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil || n == 0 {
			return fmt.Errorf("--port %q is no port number", s)
		}
		opt.Ports = append(opt.Ports, uint16(n))
	}
	for _, s := range r.dlt {
		number, kind, ok := strings.Cut(s, "=")
		n, err := strconv.ParseUint(number, 10, 16)
		if !ok || err != nil || n < 147 || n > 162 {
			return fmt.Errorf("--dlt %q: want NUMBER=KIND with a number from 147 to 162", s)
		}
		if !slices.Contains(detect.LinkTypeKinds(), kind) {
			return fmt.Errorf("--dlt %q: kinds are %s", s, strings.Join(detect.LinkTypeKinds(), ", "))
		}
		if opt.LinkTypes == nil {
			opt.LinkTypes = map[uint32]string{}
		}
		opt.LinkTypes[uint32(n)] = kind
	}
	for _, s := range r.rrc {
		rat, set, err := r.schema(s)
		if err != nil {
			return err
		}
		if opt.RRC == nil {
			opt.RRC = map[rrc.RAT]*uper.Schema{}
		}
		opt.RRC[rat] = set
	}
	return nil
}

// leastKey is the least length of a key in a file, in octets.
const leastKey = 16

// pseudonymKey returns the key of pseudonyms that the flags give, or nil for none.
func (r *reading) pseudonymKey(c *cobra.Command) ([]byte, error) {
	given := 0
	for _, name := range []string{"key", "key-file", "store-key"} {
		if f := c.Flags().Lookup(name); f != nil && f.Changed {
			given++
			if f.Value.String() == "" {
				return nil, fmt.Errorf("--%s must not be empty", name)
			}
		}
	}
	switch {
	case given > 1:
		return nil, errors.New("only one of --key, --key-file and --store-key can be given")
	case r.key != "":
		return []byte(r.key), nil
	case r.keyFile != "":
		b, err := evidence.ReadKeyFile(r.keyFile)
		if err != nil {
			return nil, fmt.Errorf("--key-file: %w", err)
		}
		if b = bytes.TrimSpace(b); len(b) < leastKey {
			return nil, fmt.Errorf("--key-file %s: a key has at least %d characters", r.keyFile, leastKey)
		}
		return b, nil
	case r.storeKey != "":
		text := rand.Text() + rand.Text()
		f, err := os.OpenFile(r.storeKey, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, fmt.Errorf("--store-key: %w", err)
		}
		_, err = io.WriteString(f, text+"\n")
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("--store-key %s: %w", r.storeKey, err)
		}
		return []byte(text), nil
	}
	return nil, nil
}

// judging are the flags of commands that run rules.
type judging struct {
	rules  []string
	config string
}

func (j *judging) register(c *cobra.Command) {
	c.Flags().StringSliceVar(&j.rules, "rules", nil, "run only these rules, by `ID,ID`")
	c.Flags().StringVar(&j.config, "config", "", `read parameters of rules from a JSON `+"`file`"+`: {"rules":{"ID":{"parameter":1}}}`)
}

// apply reads the configuration and puts it into opt; detect checks names and ranges.
func (j *judging) apply(opt *detect.Options) error {
	for _, id := range j.rules {
		if id = strings.TrimSpace(id); id != "" {
			opt.Rules = append(opt.Rules, id)
		}
	}
	for _, id := range opt.Rules {
		if rule.ByID(id) == nil {
			return fmt.Errorf("--rules: no rule %q; \"fbsdetect rules\" lists them", id)
		}
	}
	if j.config == "" {
		return nil
	}
	params, err := readConfig(j.config)
	if err != nil {
		return err
	}
	opt.Params = params
	return nil
}

// maxConfig bounds a configuration file in octets; one with every parameter of every
// rule has some ten thousand.
const maxConfig = 1 << 20

func readConfig(path string) (map[string]rule.Values, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	defer f.Close()
	var c struct {
		Rules map[string]rule.Values `json:"rules"`
	}
	d := json.NewDecoder(io.LimitReader(f, maxConfig))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("--config %s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("--config %s: more follows after the object", path)
	}
	for id, values := range c.Rules {
		if err := checkParams(id, values); err != nil {
			return nil, fmt.Errorf("--config %s: %w", path, err)
		}
	}
	return c.Rules, nil
}

// checkParams checks the parameters of a rule before anything is read.
func checkParams(id string, values rule.Values) error {
	r := rule.ByID(id)
	if r == nil {
		return fmt.Errorf("no rule %q", id)
	}
	for name, v := range values {
		i := slices.IndexFunc(r.Params, func(p rule.Param) bool { return p.Name == name })
		if i < 0 {
			return fmt.Errorf("rule %s has no parameter %q", id, name)
		}
		if p := r.Params[i]; !(v >= p.Min && v <= p.Max) {
			return fmt.Errorf("%s of rule %s must be %g to %g %s", name, id, p.Min, p.Max, p.Unit)
		}
	}
	return nil
}

// known is the flag of commands that compare with earlier captures.
type known struct{ path string }

func (k *known) register(c *cobra.Command) {
	c.Flags().StringVar(&k.path, "baseline", "", `compare with what earlier captures taught: a `+"`file`"+` that "fbsdetect baseline build" made`)
}

// open puts the baseline into opt.
func (k *known) open(opt *detect.Options) error {
	if k.path == "" {
		return nil
	}
	b, err := openBaseline(k.path)
	if err != nil {
		return err
	}
	opt.Baseline = b
	return nil
}

// close closes the baseline of opt. It was only read, so nothing is lost with an error.
func (k *known) close(opt *detect.Options) {
	if opt.Baseline != nil {
		opt.Baseline.Close()
	}
}

// speaking is the flag of commands that write a page.
type speaking struct{ code string }

func (s *speaking) register(c *cobra.Command) {
	c.Flags().StringVar(&s.code, "lang", report.Languages()[0], "`language` of the format html: "+strings.Join(report.Languages(), ", "))
}

func (s *speaking) check() error {
	if !slices.Contains(report.Languages(), s.code) {
		return fmt.Errorf("unknown --lang %q: want %s", s.code, strings.Join(report.Languages(), ", "))
	}
	return nil
}

// placing are the flags of commands that may know where the receiver was.
type placing struct {
	path string
	gap  time.Duration
}

func (p *placing) register(c *cobra.Command) {
	c.Flags().StringVar(&p.path, "positions", "", "where the receiver was: a `file` of GPX, or of CSV with the columns time, lat, lon")
	c.Flags().DurationVar(&p.gap, "positions-gap", 10*time.Second, "place a frame at the position nearest in time if it is at most this `duration` off")
}

// apply reads the positions into opt.
func (p *placing) apply(c *cobra.Command, opt *detect.Options) error {
	if p.path == "" {
		if c.Flags().Changed("positions-gap") {
			return errors.New("--positions-gap needs --positions")
		}
		return nil
	}
	if p.gap <= 0 || p.gap > time.Hour {
		return errors.New("--positions-gap must be above 0 and at most 1h")
	}
	t, err := track.Open(p.path)
	if err != nil {
		return unreadable{fmt.Errorf("--positions: %w", err)}
	}
	opt.Track, opt.TrackGap = t, p.gap
	return nil
}
