package calibrate

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// File is a file of a report.
type File struct {
	Name string
	Data []byte
}

// Files returns the report as files: calibration.json, report.json, ablation.csv, and
// for each RAT reliability-RAT.svg and, where both rogue and genuine cells are, roc-RAT.svg
// and pr-RAT.svg.
func (r *Report) Files() ([]File, error) {
	var list []File
	for _, v := range []struct {
		name  string
		value any
	}{{"calibration.json", r.Calibration}, {"report.json", r}} {
		var b bytes.Buffer
		if err := WriteJSON(&b, v.value); err != nil {
			return nil, fmt.Errorf("write %s: %w", v.name, err)
		}
		list = append(list, File{v.name, b.Bytes()})
	}
	list = append(list, File{"ablation.csv", r.ablationCSV()})
	for i := range r.curves {
		c := &r.curves[i]
		if c.cells == 0 {
			continue
		}
		list = append(list, File{"reliability-" + c.rat + ".svg", c.reliability()})
		if c.roc != nil {
			list = append(list, File{"roc-" + c.rat + ".svg", c.receiver()}, File{"pr-" + c.rat + ".svg", c.precisionRecall()})
		}
	}
	return list, nil
}

func (r *Report) ablationCSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"without", "rat", "rogue", "found", "genuine", "false_alarms", "brier", "log_loss"}}
	for _, a := range r.Ablation {
		rows = append(rows, []string{
			a.Without, a.RAT, strconv.Itoa(a.Rogue), strconv.Itoa(a.Found), strconv.Itoa(a.Genuine), strconv.Itoa(a.FalseAlarms),
			strconv.FormatFloat(a.Brier, 'f', 6, 64), strconv.FormatFloat(a.LogLoss, 'f', 6, 64),
		})
	}
	_ = w.WriteAll(rows) // a Buffer's Write has no error
	return b.Bytes()
}

// WriteSummary writes the report for people.
func (r *Report) WriteSummary(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Score on labelled cells\n\nCaptures: %d\nSources (laboratories, collections): %d\n", r.Captures, r.Sources)
	if r.Missing > 0 {
		fmt.Fprintf(&b, "Captures not there: %d\n", r.Missing)
	}
	if r.Unheard > 0 {
		fmt.Fprintf(&b, "Rogue cells not heard at all, without a score and not counted below: %d\n", r.Unheard)
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\nRAT\tCaptures\tCells\tFound\tFalse alarms\tBrier score\tLog loss\tAUC\tAverage precision\n")
	for i := range r.RATs {
		m := &r.RATs[i]
		row := func(name string, q *Quality) {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d of %d\t%d of %d\t%s\t%s\t%s\t%s\n", name, m.Captures, m.Cells, q.Found, m.Rogue,
				q.FalseAlarms, m.Cells-m.Rogue, q.Brier.text(5), q.LogLoss.text(4), q.AUC.text(3), q.AveragePrecision.text(3))
		}
		if m.Calibrated == nil {
			row(m.RAT, &m.Expert)
			continue
		}
		row(m.RAT+", expert", &m.Expert)
		row(m.RAT+", calibrated", m.Calibrated)
	}
	t.Flush()
	fmt.Fprintf(&b, "In brackets: %g %% intervals, bootstrap over captures. It knows these captures only:\n"+
		"an interval without width where rogue and genuine cells do not overlap promises nothing of others.\n", 100*r.Confidence)

	fmt.Fprint(t, "\nWithout\tFound\tFalse alarms\tBrier score\tLog loss\n")
	for _, a := range r.Ablation {
		if a.RAT == allRATs {
			fmt.Fprintf(t, "%s\t%d of %d\t%d of %d\t%.5f\t%.4f\n", a.Without, a.Found, a.Rogue, a.FalseAlarms, a.Genuine, a.Brier, a.LogLoss)
		}
	}
	fmt.Fprint(t, "\nFamily\tSlope\tGenuine\tRogue\tCaptures\tSources\tBasis\n")
	for _, f := range r.Calibration.Families {
		fmt.Fprintf(t, "%s\t%.2f\t%d\t%d\t%d\t%d\t%s\n", f.Family, f.Slope, f.Genuine, f.Rogue, f.Captures, f.Sources, f.Basis)
	}
	t.Flush()
	b.WriteByte('\n')
	for _, f := range r.Calibration.Families {
		fmt.Fprintf(&b, "%s: %s\n", f.Family, f.Reason)
	}
	if !r.Calibration.Measured() {
		b.WriteString("\nAll families keep the experts' weights.\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}
