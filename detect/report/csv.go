package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/detect/event"
)

// formulaStarts are the characters that make a spreadsheet take a cell for a formula,
// the wide forms of East Asian keyboards included.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// csvText makes a text harmless for a spreadsheet: what Escape leaves of it is put
// behind an apostrophe if its first character would make it a formula. Numbers are not
// texts: a level of -47 stays a number.
func csvText(s string) string {
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " ")); strings.ContainsRune(formulaStarts, first) {
		return "'" + Escape(s)
	}
	return Escape(s)
}

// csvTexts is csvText of a list, its items between semicolons.
func csvTexts(list []string) string { return csvText(strings.Join(list, "; ")) }

// numeral writes a value as digits, nothing for an unknown one.
func numeral[T int | uint32 | uint64](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func optional(s *string) string {
	if s == nil {
		return ""
	}
	return csvText(*s)
}

// writeCSV writes a header and rows by RFC 4180.
func writeCSV(w io.Writer, head string, rows func(put func(...string))) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	put := func(cells ...string) { c.Write(cells) } // Error tells
	put(strings.Fields(head)...)
	rows(put)
	c.Flush()
	return c.Error()
}

// refText writes frames as "capture#frame", captures counted from 0 in the order of the
// run: a spreadsheet would take "0:12" for a time.
func refText(refs []event.Ref) string {
	list := make([]string, len(refs))
	for i, r := range refs {
		list[i] = fmt.Sprintf("%d#%d", r.Capture, r.Frame)
	}
	return strings.Join(list, " ")
}

// capturePath is the path of the capture that a frame belongs to.
func capturePath(d *Document, r event.Ref) string {
	if r.Capture < 0 || r.Capture >= len(d.Captures) {
		return ""
	}
	return d.Captures[r.Capture].Path
}

// CSVCells writes a row for each cell, signalling without a cell's name included, as
// RFC 4180 has it. Unknown values are empty; the position is that of the receiver where it
// heard the cell best.
func CSVCells(w io.Writer, d *Document) error {
	const head = `rank rat plmn area cell arfcn band bsic pci psc verdict score main_reason findings
		capture first_frame last_frame first last level_dbm sessions authenticated ciphered rejected identity_requests
		receiver_lat receiver_lon`
	return writeCSV(w, head, func(put func(...string)) {
		for _, e := range ranked(d) {
			level := ""
			if e.LevelDBm != nil {
				level = decimal(*e.LevelDBm)
			}
			lat, lon := "", ""
			if p := strongest(e.Cell); p != nil {
				lat, lon = decimal(p.Latitude), decimal(p.Longitude)
			}
			put(strconv.Itoa(e.rank), e.RAT.String(), optional(e.PLMN), numeral(e.Area), numeral(e.Cell.Cell), numeral(e.ARFCN),
				optional(e.Band), numeral(e.BSIC), numeral(e.PCI), numeral(e.PSC), e.Verdict.String(), decimal(e.Score),
				csvText(new(printer).reason(e.Cell)), strconv.Itoa(len(e.Evidence)),
				csvText(capturePath(d, e.FirstFrame)), refText([]event.Ref{e.FirstFrame}), refText([]event.Ref{e.LastFrame}),
				instant(e.First), instant(e.Last), level,
				strconv.Itoa(e.Sessions.Count), strconv.Itoa(e.Sessions.Authenticated), strconv.Itoa(e.Sessions.Ciphered),
				strconv.Itoa(e.Sessions.Rejected), strconv.Itoa(e.Sessions.IdentityRequests), lat, lon)
		}
	})
}

// CSVEvidence writes a row for each piece of evidence; rank is that of its cell in
// CSVCells.
func CSVEvidence(w io.Writer, d *Document) error {
	const head = `rank rat plmn area cell verdict rule title catalogue family severity weight counted weight_basis attribution
		summary capture frames times field got expect refs benign_excluded benign_possible benign_not_testable`
	return writeCSV(w, head, func(put func(...string)) {
		for _, e := range ranked(d) {
			for i := range e.Evidence {
				v := &e.Evidence[i]
				path := ""
				if len(v.Frames) > 0 {
					path = capturePath(d, v.Frames[0])
				}
				benign := map[string][]string{}
				for _, b := range v.Benign {
					benign[b.Status] = append(benign[b.Status], b.Explanation)
				}
				put(strconv.Itoa(e.rank), e.RAT.String(), optional(e.PLMN), numeral(e.Area), numeral(e.Cell.Cell), e.Verdict.String(),
					csvText(v.Rule), csvText(v.Title), csvTexts(v.Catalogue), csvText(v.Family), csvText(v.Severity),
					decimal(v.Weight), decimal(v.Counted), csvText(v.WeightBasis), csvText(v.Attribution), csvText(v.Summary),
					csvText(path), refText(v.Frames), strconv.Itoa(v.Times), csvText(v.Field), csvText(v.Got), csvText(v.Expect),
					csvTexts(v.Refs), csvTexts(benign["excluded"]), csvTexts(benign["possible"]), csvTexts(benign["not_testable"]))
			}
		}
	})
}
