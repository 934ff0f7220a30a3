// Package report holds the result of a run as data and writes it in the formats
// that people and programs read.
//
// Every string that came over the air is untrusted; it is escaped here, once, for
// the format that is written.
package report

import (
	"fmt"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

// Schema names the form of Document. It changes only when a reader of the form
// would have to change.
const Schema = "fbsdetect.report/1"

// Document is the result of a scan.
type Document struct {
	Schema   string    `json:"schema" jsonschema:"const=fbsdetect.report/1"`
	Tool     Tool      `json:"tool"`
	Captures []Capture `json:"captures"`
	// Baseline is what earlier captures taught, with which cells were compared; null
	// without one.
	Baseline *Baseline `json:"baseline"`
	// Case is what an evidence package says about the case, null outside of one.
	Case *Case `json:"case"`
	// Track is where the receiver was, null if not known.
	Track *Track `json:"track"`
	// Revealed says that identities of persons are printed in full, and why; null if
	// pseudonyms stand for them.
	Revealed *Revealed `json:"revealed"`
	// Cells are ordered by score, highest first, then identity.
	Cells []Cell `json:"cells"`
	// Unattributed holds signalling whose cell the capture does not name, per capture
	// and RAT.
	Unattributed []Cell `json:"unattributed"`
	// Notices say in words what was lost or bounded; empty in a clean run.
	Notices []string `json:"notices"`
}

// Case is what whoever made an evidence package says about it; nothing of it is checked.
type Case struct {
	Case    string `json:"case"`
	Officer string `json:"officer"`
	Place   string `json:"place"`
	Note    string `json:"note"`
}

// Revealed says why identities of persons are printed in full.
type Revealed struct {
	Reason string `json:"reason"`
}

// Tool says which program made the document, with which rules.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Ruleset is a hash over the rules that ran and their parameters.
	Ruleset string `json:"ruleset"`
	// PriorLog10, Damping and FamilyCap are the constants of the score.
	PriorLog10 float64 `json:"prior_log10"`
	Damping    float64 `json:"damping"`
	FamilyCap  float64 `json:"family_cap"`
}

// Capture is one input file.
type Capture struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	// LinkTypes are the link types of its frames, in the order met.
	LinkTypes []string `json:"link_types"`
	// First and Last are the times of its first and last frame, null without any.
	First  *time.Time     `json:"first"`
	Last   *time.Time     `json:"last"`
	Ledger capture.Ledger `json:"ledger"`
	// Damage lists where the file is broken; what could be read around it was read.
	Damage []Damage `json:"damage"`
	// Error says why reading ended early, null if it did not.
	Error *string `json:"error"`
}

// Baseline names the baseline of a scan.
type Baseline struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	// Captures counts those learned, Lists the lists of cells imported.
	Captures int `json:"captures"`
	Lists    int `json:"lists"`
}

// Track is where the receiver was while the captures were made, as far as a recording of
// positions tells.
type Track struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	// Points counts those in the recording, Untimed those that have no time and were left
	// out.
	Points  int `json:"points"`
	Untimed int `json:"untimed"`
	// MaxGapSeconds is how far a frame may be off the point nearest in time.
	MaxGapSeconds float64 `json:"max_gap_s"`
	// Placed counts the frames with a message that have a point near enough, Unplaced the
	// others with a message.
	Placed   int `json:"placed"`
	Unplaced int `json:"unplaced"`
	// Line are the points that frames were placed at, by time; thinned out beyond 2,000.
	Line []TrackPoint `json:"line"`
}

// TrackPoint is where the receiver was at a time.
type TrackPoint struct {
	Time      time.Time `json:"time"`
	Latitude  float64   `json:"latitude" jsonschema:"minimum=-90,maximum=90"`
	Longitude float64   `json:"longitude" jsonschema:"minimum=-180,maximum=180"`
}

// HeardAt is where the receiver was when it heard a cell. Where the cell is, it does not
// tell.
type HeardAt struct {
	TrackPoint
	// Frame is the first frame heard there, Frames their number.
	Frame  event.Ref `json:"frame"`
	Frames int       `json:"frames"`
	// GapSeconds is how far Frame is off the point in time.
	GapSeconds float64 `json:"gap_s"`
	// LevelDBm is the highest level there, null unless the tool measured it.
	LevelDBm *int `json:"level_dbm"`
}

// bestHeardAt returns where a cell was received most strongly, or, without levels, where
// most of its frames were; nil if that is not known.
func (c *Cell) bestHeardAt() *HeardAt {
	var best *HeardAt
	for i := range c.HeardAt {
		h := &c.HeardAt[i]
		switch {
		case best == nil,
			h.LevelDBm != nil && (best.LevelDBm == nil || *h.LevelDBm > *best.LevelDBm),
			h.LevelDBm == nil && best.LevelDBm == nil && h.Frames > best.Frames:
			best = h
		}
	}
	return best
}

// coordinates writes a position in degrees; the fifth decimal is a metre.
func (p TrackPoint) coordinates() string { return fmt.Sprintf("%.5f, %.5f", p.Latitude, p.Longitude) }

// Damage is a broken place of a capture file.
type Damage struct {
	// Frame is the number of the next frame that could be read.
	Frame int `json:"frame"`
	// Offset is the octet in the file (uncompressed) at which it starts.
	Offset int64 `json:"offset"`
	// Skipped is the number of octets passed over.
	Skipped int64  `json:"skipped"`
	Reason  string `json:"reason"`
}

// Cell is one cell with its score; unknown values are null.
type Cell struct {
	RAT   event.RAT `json:"rat" jsonschema:"type=string,enum=gsm,enum=umts,enum=lte,enum=nr"`
	PLMN  *string   `json:"plmn"`
	PLMNs []string  `json:"plmns"`
	// Area is LAC or TAC, Cell is CI, ECI or NCI.
	Area  *uint32 `json:"area"`
	Cell  *uint64 `json:"cell"`
	ARFCN *int    `json:"arfcn"`
	Band  *string `json:"band"`
	BSIC  *int    `json:"bsic"`
	PCI   *int    `json:"pci"`
	PSC   *int    `json:"psc"`

	FirstFrame event.Ref  `json:"first_frame"`
	LastFrame  event.Ref  `json:"last_frame"`
	First      *time.Time `json:"first"`
	Last       *time.Time `json:"last"`
	// LevelDBm is the mean received level, null unless the tool measured it.
	LevelDBm *float64 `json:"level_dbm"`

	// HeardAt are the positions of the receiver when it heard the cell, in the order of
	// the track; merged with neighbours beyond 256.
	HeardAt []HeardAt `json:"heard_at"`

	// Score is the posterior probability in percent under the stated prior; Verdict
	// is how to read it.
	Score    float64       `json:"score" jsonschema:"minimum=0,maximum=100"`
	Verdict  score.Verdict `json:"verdict" jsonschema:"type=string,enum=insufficient,enum=ordinary,enum=unusual,enum=suspicious,enum=consistent_with_fbs"`
	Evidence []Evidence    `json:"evidence"`
	Outcomes Outcomes      `json:"outcomes"`
	// Profile is the way of attacking that the findings add up to, null for none.
	Profile *Profile `json:"profile"`
	// Parameters are the broadcast parameters by name.
	Parameters map[string]string `json:"parameters"`
	// Broadcasts are the parameters with their frames, in the order heard.
	Broadcasts []Parameter   `json:"broadcasts"`
	Sessions   cell.Sessions `json:"sessions"`
	// Sequences are sessions message by message, at most 8 of a cell: one of each course,
	// and of more courses those that say more about the cell. SequencesOmitted counts the
	// sessions that took a course of which none is listed.
	Sequences        []Sequence `json:"sequences"`
	SequencesOmitted int        `json:"sequences_omitted"`
	// Levels is the course of the received level in at most 64 points, empty unless the
	// tool measured it.
	Levels []LevelPoint `json:"levels"`
	// Connections is the course of the connections of phones, and of those exposed, in at
	// most 64 points; those of GSM's packet domain are not among them.
	Connections []ConnectionPoint `json:"connections"`
	// Neighbours are the frequencies on which the cell tells phones to look for other
	// cells, at most 64; NeighboursOmitted counts the rest.
	Neighbours        []Neighbour `json:"neighbours"`
	NeighboursOmitted int         `json:"neighbours_omitted"`
}

// Sequence is one connection of a phone, message by message.
type Sequence struct {
	// Phone is a pseudonym of the identity by which the phone was called, empty if it
	// named itself by none.
	Phone string     `json:"phone"`
	First *time.Time `json:"first"`
	Last  *time.Time `json:"last"`
	// Attribution says what ties it to the cell.
	Attribution string `json:"attribution"`
	// Exposing: a message of it makes phones send their permanent identity in clear (Tucker
	// et al., NDSS 2025).
	Exposing bool `json:"exposing"`
	// Alike counts further connections to the cell that took the same course.
	Alike int    `json:"alike"`
	Steps []Step `json:"steps"`
	// StepsOmitted counts the messages after the first 32, Hidden the ciphered ones.
	StepsOmitted int `json:"steps_omitted"`
	Hidden       int `json:"hidden"`
}

// Step is one message of a Sequence.
type Step struct {
	Frame event.Ref  `json:"frame"`
	Time  *time.Time `json:"time"`
	// Direction is ul from the phone or dl to it.
	Direction string `json:"direction" jsonschema:"enum=ul,enum=dl"`
	// Message is its name, Detail the value that matters in it, both in the words of the
	// specification.
	Message string `json:"message"`
	Detail  string `json:"detail"`
	// Exposing: it makes the phone send its permanent identity in clear.
	Exposing bool `json:"exposing"`
	// Repeats counts messages alike that followed.
	Repeats int `json:"repeats"`
}

// LevelPoint sums up the levels of consecutive frames in dBm.
type LevelPoint struct {
	First   event.Ref  `json:"first_frame"`
	Last    event.Ref  `json:"last_frame"`
	Time    *time.Time `json:"time"`
	MeanDBm float64    `json:"mean_dbm"`
	MinDBm  int        `json:"min_dbm"`
	MaxDBm  int        `json:"max_dbm"`
	Count   int        `json:"count"`
}

// ConnectionPoint counts consecutive connections and those of them exposed.
type ConnectionPoint struct {
	First event.Ref  `json:"first_frame"`
	Last  event.Ref  `json:"last_frame"`
	Time  *time.Time `json:"time"`
	// Count is the number of connections, Exposing of those with a message that makes the
	// phone send its permanent identity in clear.
	Count    int `json:"count"`
	Exposing int `json:"exposing"`
}

// Neighbour is a frequency on which a cell tells phones to look for other cells.
type Neighbour struct {
	// List is the list that names it: idle or connected (GSM: SI2 and SI5 family), or the
	// system information block.
	List string    `json:"list"`
	RAT  event.RAT `json:"rat" jsonschema:"type=string,enum=gsm,enum=umts,enum=lte,enum=nr"`
	// ARFCN is the frequency's number in that RAT.
	ARFCN int `json:"arfcn"`
	// Priority is cellReselectionPriority, null if none is given.
	Priority *int `json:"priority"`
}

// Parameter is one broadcast parameter with the frames that carried it.
type Parameter struct {
	Name    string    `json:"name"`
	Value   string    `json:"value"`
	Message string    `json:"message"`
	First   event.Ref `json:"first"`
	// Last is the last frame of the message that carried it.
	Last    event.Ref `json:"last"`
	Changes int       `json:"changes"`
}

// Evidence is one finding with all that is needed to check it.
type Evidence struct {
	Rule      string   `json:"rule"`
	Title     string   `json:"title"`
	Catalogue []string `json:"catalogue"`
	Version   int      `json:"version"`
	Family    string   `json:"family"`
	Severity  string   `json:"severity" jsonschema:"enum=info,enum=low,enum=medium,enum=high"`
	// Weight is the log10 likelihood ratio; Counted is what entered the score.
	Weight      float64 `json:"weight"`
	Counted     float64 `json:"counted"`
	WeightBasis string  `json:"weight_basis"`
	// Attribution says what ties the frames to the cell.
	Attribution string      `json:"attribution"`
	Summary     string      `json:"summary"`
	Frames      []event.Ref `json:"frames"`
	// First and Last are the times of the first and last frame listed.
	First *time.Time `json:"first"`
	Last  *time.Time `json:"last"`
	// Times counts how often it was found; Frames lists at most 16.
	Times  int      `json:"times"`
	Field  string   `json:"field"`
	Got    string   `json:"got"`
	Expect string   `json:"expect"`
	Refs   []string `json:"refs"`
	Benign []Benign `json:"benign"`
}

// Benign is an innocent explanation and what the captures say about it.
type Benign struct {
	Explanation string `json:"explanation"`
	Status      string `json:"status" jsonschema:"enum=excluded,enum=possible,enum=not_testable"`
}

// Profile is a known way of attacking that several findings on one cell add up to. It
// tells what happened in order; what it weighs is in the findings.
type Profile struct {
	// Kind names the attack: sms_blaster.
	Kind string `json:"kind" jsonschema:"enum=sms_blaster"`
	// Phones counts the different phones that the cell had a connection with, as far as
	// they named themselves; Unnamed the connections of phones that did not.
	Phones  int `json:"phones"`
	Unnamed int `json:"unnamed"`
	// Messages counts the short messages that the cell pushed, the parts of a long one
	// as one.
	Messages int `json:"messages"`
	// First and Last are the times of the first and last frame of it.
	First *time.Time `json:"first"`
	Last  *time.Time `json:"last"`
	// Stages are the stages that were captured, in the order lure, capture, push,
	// release; one that was not heard is listed without frames.
	Stages []Stage `json:"stages"`
	// Texts are the different texts pushed, most often pushed first.
	Texts []PushedText `json:"texts"`
}

// Stage is one stage of an attack on one cell.
type Stage struct {
	Stage string `json:"stage" jsonschema:"enum=lure,enum=capture,enum=push,enum=release"`
	// Observed says in words what was seen, a sentence each; empty if nothing was.
	Observed []string   `json:"observed"`
	First    *time.Time `json:"first"`
	Last     *time.Time `json:"last"`
	// Frames are the first frames that show it, Times how often it was seen.
	Frames []event.Ref `json:"frames"`
	Times  int         `json:"times"`
}

// PushedText is a text that a cell sent to phones.
type PushedText struct {
	// Sender is the name or number of TP-OA, ServiceCentre that of RP-OA, as far as they
	// may leave the program.
	Sender        string `json:"sender"`
	ServiceCentre string `json:"service_centre"`
	// Text is the text: with digits and paths masked where several phones received it
	// alike, else a pseudonym.
	Text string `json:"text"`
	// Hosts are the hosts of the web addresses in it.
	Hosts []string `json:"hosts"`
	// Messages counts how often it was sent, Phones to how many different phones that
	// named themselves.
	Messages int `json:"messages"`
	Phones   int `json:"phones"`
	// Frames are the frames that carried the ends of the first of them.
	Frames []event.Ref `json:"frames"`
}

// Outcomes lists the rules by what they came to.
type Outcomes struct {
	Fired         []string `json:"fired"`
	Clear         []string `json:"clear"`
	Insufficient  []string `json:"insufficient"`
	NotObservable []string `json:"not_observable"`
}
