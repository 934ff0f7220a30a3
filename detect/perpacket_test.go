package detect_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// TestCorpusPerPacket compares the frames of findings with labels that call each packet
// of a NAS log part of an attack or not. A finding speaks for the whole attempt in which
// its frames are: from a request of the phone to the next. The labels follow the time in
// which a false base station was on air, so that what a phone did untouched meanwhile
// counts as attack, and the agreement is printed, not demanded.
func TestCorpusPerPacket(t *testing.T) {
	number := regexp.MustCompile(`[01]`)
	// Any finding, and those that weigh as much as ten to one.
	limits := []float64{0, 1}
	all := make([][2][2]int, len(limits)) // label, finding
	for n := 1; n <= 5; n++ {
		name := fmt.Sprintf("exp%d_nas", n)
		b, err := os.ReadFile(corpus(t, "captures", "SysNetS__fbsdetector", "example_trace_labels", "nas", name+"_label.txt"))
		if err != nil {
			t.Fatal(err)
		}
		_, list, _ := strings.Cut(string(b), "=")
		labels := number.FindAllString(list, -1)
		path := corpus(t, "captures", "SysNetS__fbsdetector", "example_traces", "nas", name+".pcap")
		attempt := make([]int, len(labels)+1) // of each frame
		now := 0
		err = detect.Messages(context.Background(), []detect.Source{detect.FileSource(path)}, detect.Options{}, func(m *report.Message) error {
			if m.Direction == "ul" && (strings.HasSuffix(m.Name, "request") || m.Name == "Service request") {
				now++
			}
			attempt[m.Frame] = now
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		doc := scan(t, path)
		for k, limit := range limits {
			found := map[int]bool{}
			for _, c := range append(doc.Cells, doc.Unattributed...) {
				for _, e := range c.Evidence {
					for _, f := range e.Frames {
						if e.Weight > limit {
							found[attempt[f.Frame]] = true
						}
					}
				}
			}
			var table [2][2]int
			for i, l := range labels {
				finding := 0
				if found[attempt[i+1]] {
					finding = 1
				}
				table[int(l[0]-'0')][finding]++
				all[k][int(l[0]-'0')][finding]++
			}
			t.Logf("%s, weight over %g: %s", name, limit, agreement(table))
		}
	}
	for k, limit := range limits {
		t.Logf("together, weight over %g: %s", limit, agreement(all[k]))
		if hit := all[k][1][1]; hit == 0 {
			t.Error("no packet of an attack is in a finding")
		}
	}
}

func agreement(t [2][2]int) string {
	n := t[0][0] + t[0][1] + t[1][0] + t[1][1]
	return fmt.Sprintf("%d of %d packets agree (%.1f %%); of %d packets of attacks %d are in findings, of %d others %d",
		t[0][0]+t[1][1], n, 100*float64(t[0][0]+t[1][1])/float64(n), t[1][0]+t[1][1], t[1][1], t[0][0]+t[0][1], t[0][1])
}
