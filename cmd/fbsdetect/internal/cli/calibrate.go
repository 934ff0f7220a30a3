package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/calibrate"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// calibrate measures the score on labelled captures, fits the families of evidence and
// writes the result into the folder out.path, if one is given.
func (e *env) calibrate(ctx context.Context, files []string, run *verification, out *output) error {
	if out.path != "" {
		if err := os.MkdirAll(out.path, 0o777); err != nil {
			return fmt.Errorf("--output: %w", err)
		}
	}
	in := calibrate.Input{}
	for _, r := range rule.All() {
		if !slices.Contains(in.Families, r.Family) {
			in.Families = append(in.Families, r.Family)
		}
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return inputError(file, err)
		}
		sum := sha256.Sum256(b)
		in.Labels = append(in.Labels, score.LabelFile{Name: report.Escape(filepath.Base(file)), SHA256: hex.EncodeToString(sum[:])})
	}
	if err := run.load(e, files); err != nil {
		return err
	}
	if slices.ContainsFunc(run.files, func(f verifyFile) bool { return f.labels == nil }) {
		return errors.New("--calibrate needs labels: expectations do not say what is true")
	}
	found := make([]struct {
		cells   []calibrate.Cell
		unheard int
		ruleset string
		missing bool
	}, len(run.subjects))
	v, err := run.compare(ctx, func(i int, d *report.Document) {
		if found[i].missing = d == nil; d == nil {
			return
		}
		s := &run.subjects[i]
		found[i].ruleset = d.Tool.Ruleset
		found[i].cells, found[i].unheard = labelledCells(&run.files[s.file].labels.Captures[s.index], d, run.rat)
	})
	if err != nil {
		return err
	}
	for i := range found {
		s := &run.subjects[i]
		path := run.files[s.file].labels.Captures[s.index].Path
		if found[i].missing {
			in.Missing++
			continue
		}
		in.Ruleset = found[i].ruleset
		in.Unheard += found[i].unheard
		for _, c := range found[i].cells {
			c.Capture, c.Source = strconv.Itoa(s.file)+":"+path, sourceOf(s.file, path)
			in.Cells = append(in.Cells, c)
		}
	}
	for i := range v.Captures {
		if c := &v.Captures[i]; c.Status == report.StatusWrongSHA256 {
			return inputError(c.Path, errors.New(strings.Join(c.Notes, "; ")))
		}
	}
	if len(in.Cells) == 0 {
		return fmt.Errorf("%w: no labelled cell was heard", detect.ErrInput)
	}
	r := calibrate.Run(in)
	if out.path != "" {
		if err := writeReport(out.path, r); err != nil {
			return err
		}
	}
	if out.format == "json" {
		return calibrate.WriteJSON(e.stdout, r)
	}
	if err := r.WriteSummary(e.stdout); err != nil {
		return err
	}
	text := "This is the table that the program was built with."
	if !reflect.DeepEqual(r.Calibration, score.Embedded()) {
		text = "The program was built with another table: rules or labels differ since."
	}
	_, err = fmt.Fprintln(e.stdout, text)
	return err
}

// writeReport writes the files of a report into a folder.
func writeReport(folder string, r *calibrate.Report) error {
	list, err := r.Files()
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o666); err != nil {
			return fmt.Errorf("--output: %w", err)
		}
	}
	return nil
}

// sourceOf names the laboratory or collection of a capture: the first folder of its
// path. Captures beside each other without a folder are of one source, their labels
// file's.
func sourceOf(file int, path string) string {
	if folder, _, ok := strings.Cut(filepath.ToSlash(filepath.Clean(filepath.FromSlash(path))), "/"); ok {
		return folder
	}
	return strconv.Itoa(file)
}

// labelledCells lists the cells of a capture of which the label says what they are, as
// report.Compare counts them, and how many rogue ones were not heard. Of several
// entries of a cell the highest counts; of a capture that shows an attack and names no
// cell, the highest entry is the rogue one.
func labelledCells(l *report.LabelledCapture, d *report.Document, rat string) (list []calibrate.Cell, unheard int) {
	type entry struct {
		name  report.LabelledCell
		named bool
		cell  *report.Cell
	}
	var entries []entry
	for _, c := range slices.Concat(pointers(d.Cells), pointers(d.Unattributed)) {
		if rat != "" && c.RAT.String() != rat {
			continue
		}
		x := entry{named: c.PLMN != nil && c.Area != nil && c.Cell != nil, cell: c}
		if x.named {
			x.name = report.LabelledCell{RAT: c.RAT.String(), PLMN: *c.PLMN, Area: *c.Area, Cell: *c.Cell}
			if i := slices.IndexFunc(entries, func(y entry) bool { return y.named && y.name == x.name }); i >= 0 {
				if c.Score > entries[i].cell.Score {
					entries[i] = x
				}
				continue
			}
		}
		entries = append(entries, x)
	}
	if len(l.Rogue) == 0 && (l.Label == report.LabelRogue || l.Label == report.LabelAttack) {
		if len(entries) == 0 {
			if rat == "" {
				unheard++
			}
			return nil, unheard
		}
		top := entries[0].cell
		for _, x := range entries {
			if x.cell.Score > top.Score {
				top = x.cell
			}
		}
		return []calibrate.Cell{labelledCell(top, true)}, 0
	}
	for _, r := range l.Rogue {
		if rat != "" && r.RAT != rat {
			continue
		}
		i := slices.IndexFunc(entries, func(x entry) bool { return x.named && x.name == r })
		if i < 0 {
			unheard++
			continue
		}
		list = append(list, labelledCell(entries[i].cell, true))
	}
	if l.Label != report.LabelGenuine && l.Label != report.LabelRogue {
		return list, unheard
	}
	for _, x := range entries {
		if x.named && !slices.Contains(l.Rogue, x.name) && !slices.Contains(l.Uncertain, x.name) ||
			!x.named && l.Label == report.LabelGenuine {
			list = append(list, labelledCell(x.cell, false))
		}
	}
	return list, unheard
}

func pointers(cells []report.Cell) []*report.Cell {
	list := make([]*report.Cell, len(cells))
	for i := range cells {
		list[i] = &cells[i]
	}
	return list
}

func labelledCell(c *report.Cell, rogue bool) calibrate.Cell {
	x := calibrate.Cell{RAT: c.RAT.String(), Rogue: rogue}
	for i := range c.Evidence {
		x.Evidence = append(x.Evidence, score.Summand{Family: rule.Family(c.Evidence[i].Family), Weight: c.Evidence[i].Weight})
	}
	return x
}
