package calibrate

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// Measures of a figure in pixels: a square plot between margins.
const (
	side   = 360
	left   = 64
	top    = 40
	width  = left + side + 24
	height = top + side + 88
)

// Colours that stay apart for colour-blind eyes and in grey (M. Okabe, K. Ito, Color
// Universal Design, 2008).
const (
	blue  = "#0072b2"
	amber = "#d55e00"
	grey  = "#767676"
)

// figure is an SVG drawing of the unit square that refers to nothing outside itself.
type figure struct{ b strings.Builder }

func newFigure(title, x, y string, notes ...string) *figure {
	f := &figure{}
	fmt.Fprintf(&f.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="sans-serif" font-size="12" fill="#222">`+"\n", width, height, width, height)
	fmt.Fprintf(&f.b, "<title>%s</title>\n", escape(title))
	fmt.Fprintf(&f.b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	f.text(left, 20, `font-size="14" font-weight="bold"`, title)
	for i := range 11 {
		v := float64(i) / 10
		gx, gy := place(v, v)
		colour := "#e6e6e6"
		if i == 0 || i == 10 {
			colour = "#222"
		}
		fmt.Fprintf(&f.b, `<path d="M%s %d V%d M%d %s H%d" stroke="%s"/>`+"\n", px(gx), top, top+side, left, px(gy), left+side, colour)
		if i%2 == 0 {
			f.text(gx, top+side+16, `text-anchor="middle"`, fmt.Sprintf("%.1f", v))
			f.text(left-8, gy+4, `text-anchor="end"`, fmt.Sprintf("%.1f", v))
		}
	}
	f.text(left+side/2, top+side+34, `text-anchor="middle"`, x)
	f.text(16, top+side/2, fmt.Sprintf(`text-anchor="middle" transform="rotate(-90 16 %d)"`, top+side/2), y)
	for i, n := range notes {
		f.text(left, float64(top+side+54+15*i), `font-size="11"`, n)
	}
	return f
}

func (f *figure) text(x, y float64, attributes, s string) {
	fmt.Fprintf(&f.b, `<text x="%s" y="%s" %s>%s</text>`+"\n", px(x), px(y), attributes, escape(s))
}

// bytes finishes the drawing.
func (f *figure) bytes() []byte { return []byte(f.b.String() + "</svg>\n") }

// place turns a point of the unit square into pixels.
func place(x, y float64) (float64, float64) { return left + side*x, top + side*(1-y) }

func px(v float64) string { return fmt.Sprintf("%.1f", v) }

func escape(s string) string {
	var b strings.Builder
	// A Builder's Write has no error.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// line draws a line through points.
func (f *figure) line(colour, dash string, points []stat.CurvePoint) {
	f.b.WriteString(`<polyline fill="none" stroke-width="2" stroke="` + colour + `"`)
	if dash != "" {
		f.b.WriteString(` stroke-dasharray="` + dash + `"`)
	}
	f.b.WriteString(` points="`)
	for i, p := range points {
		if i > 0 {
			f.b.WriteByte(' ')
		}
		x, y := place(p.X, p.Y)
		f.b.WriteString(px(x) + "," + px(y))
	}
	f.b.WriteString(`"/>` + "\n")
}

// dot draws a dot with a text that shows when it is pointed at.
func (f *figure) dot(x, y, radius float64, colour, text string) {
	cx, cy := place(x, y)
	fmt.Fprintf(&f.b, `<circle cx="%s" cy="%s" r="%s" fill="%s"><title>%s</title></circle>`+"\n", px(cx), px(cy), px(radius), colour, escape(text))
}

// heading names the figure of a RAT.
func (c *curves) heading(what string) string {
	rat := strings.ToUpper(c.rat)
	if c.rat == allRATs {
		rat = "all RATs"
	}
	return what + ", " + rat
}

func (c *curves) counted() string {
	return fmt.Sprintf("%d cells of %d captures, %d of them rogue.", c.cells, c.captures, c.rogue)
}

// reliability draws the share of rogue cells over the stated probability.
func (c *curves) reliability() []byte {
	f := newFigure(c.heading("Reliability"), "probability that the score states", "share of rogue cells", c.counted(),
		"Dots: tenths of the probability with 95 % intervals after Wilson.", "Line: isotonic fit. Below the diagonal the score says too much.")
	f.line(grey, "4 4", []stat.CurvePoint{{X: 0, Y: 0}, {X: 1, Y: 1}})
	var steps []stat.CurvePoint
	for i, p := range c.isotonic {
		if i > 0 {
			steps = append(steps, stat.CurvePoint{X: p.X, Y: c.isotonic[i-1].Y})
		}
		steps = append(steps, p)
	}
	f.line(amber, "", steps)
	for _, b := range c.bins {
		f.line(blue, "", []stat.CurvePoint{{X: b.Mean, Y: b.ShareLow}, {X: b.Mean, Y: b.ShareHigh}})
		f.dot(b.Mean, b.Share, 3+2*math.Log10(float64(b.N)), blue, fmt.Sprintf("%d of %d cells at %.2f", b.Events, b.N, b.Mean))
	}
	return f.bytes()
}

// receiver draws the ROC curve.
func (c *curves) receiver() []byte {
	f := newFigure(c.heading("ROC"), "share of genuine cells reported", "share of rogue cells reported", c.counted(),
		"Area under the curve: "+c.auc.text(4)+".", "Dot: threshold of “suspicious”.")
	f.line(grey, "4 4", []stat.CurvePoint{{X: 0, Y: 0}, {X: 1, Y: 1}})
	f.line(blue, "", c.roc)
	f.threshold(c.roc)
	return f.bytes()
}

// precisionRecall draws the precision-recall curve, by steps.
func (c *curves) precisionRecall() []byte {
	f := newFigure(c.heading("Precision and recall"), "recall: share of rogue cells reported", "precision: share of rogue among reported", c.counted(),
		"Average precision: "+c.average.text(4)+".", "Dot: threshold of “suspicious”. Dashed: reporting every cell.")
	base := float64(c.rogue) / float64(c.cells)
	f.line(grey, "4 4", []stat.CurvePoint{{X: 0, Y: base}, {X: 1, Y: base}})
	var steps []stat.CurvePoint
	x := 0.0
	for _, p := range c.pr {
		steps = append(steps, stat.CurvePoint{X: x, Y: p.Y}, p)
		x = p.X
	}
	f.line(blue, "", steps)
	f.threshold(c.pr)
	return f.bytes()
}

// suspicious is the lowest probability of that verdict before the score is rounded.
const suspicious = 0.4995

// threshold marks the last point of a curve that lies at suspicious or above.
func (f *figure) threshold(curve []stat.CurvePoint) {
	var at *stat.CurvePoint
	for i := range curve {
		if curve[i].Threshold >= suspicious {
			at = &curve[i]
		}
	}
	if at != nil {
		f.dot(at.X, at.Y, 5, amber, "suspicious and above")
	}
}

// text writes the estimate with so many decimals, as "0.987 (0.901 – 1.000)".
func (e *Estimate) text(decimals int) string {
	switch {
	case e.Value == nil:
		return "insufficient"
	case e.Low == nil:
		return fmt.Sprintf("%.*f (no interval)", decimals, *e.Value)
	}
	return fmt.Sprintf("%.*f (%.*f – %.*f)", decimals, *e.Value, decimals, *e.Low, decimals, *e.High)
}
