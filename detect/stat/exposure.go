package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ExposureRate is what is known of the share of a network's connections that carry an
// identity-exposing message: a beta distribution of the share over its cells and minutes,
// given by its mean, 0 to 1, and its concentration, the sum of its two parameters, which
// is worth that many connections.
type ExposureRate struct {
	Mean, Concentration float64
}

// CommercialExposure is FitExposure over the nine tables of commercial cells published
// with Tucker et al. (NDSS 2025), each taken as one cell. Exposed of all connections:
//
//	gsm-us2-2021-10-28                21 of   352
//	lte-eu1-a                          5 of   187
//	lte-eu1-b                        232 of 9,750
//	lte-event-benchmark-us1           87 of 6,105
//	lte-us1-2023-11-18                20 of   433
//	lte-us1-2023-11-24-football       50 of 1,539
//	lte-us1-2023-11-27               125 of 6,640
//	lte-us1-2023-12-13-basketball    100 of 6,854
//	lte-us1-2024-03-15                58 of 1,876
//
// The tables hold almost only minutes with an exposing message, so that the true mean is
// lower: the error is on the side of fewer alarms.
var CommercialExposure = ExposureRate{Mean: 0.029717, Concentration: 153.21}

// Bounds of the test of exposing messages.
const (
	// ExposureAlarm is the log10 factor from which ExposureTest gives alarm: on ordinary
	// cells at most once in a million minutes on average, 0.53 times in a year.
	ExposureAlarm = 6.0
	// ExposureFew is how many connections are too few to give alarm on, whatever is in
	// them, as in the live tool of Tucker et al. (NDSS 2025).
	ExposureFew = 10
	// ExposureEnough is from how many connections on the absence of an alarm means
	// something: of cells that expose 28.6 % of their connections, the median of the
	// suspected catcher of Tucker et al., nine in ten give alarm by then, of those that
	// expose half, 99.9 % by half as many.
	ExposureEnough = 150

	// exposureHighest is the highest share in a commercial table, 21 of 352 connections. No
	// network is granted more, because its other cells may be false, too. exposureLowest is
	// the lowest, 87 of 6,105. No network is held to less, because a share near none would
	// make an alarm of a few visitors.
	exposureHighest = 0.06
	exposureLowest  = 0.014
	// exposureUsual is the share of minutes that an increased rate lies above.
	exposureUsual = 0.999
	// exposureFloor bounds a log10 factor below, where its value no longer matters.
	exposureFloor = -300
)

// FitExposure estimates the rate by the method of moments from the shares exposed of
// connections of several cells, each counting the same (Kleinman, J. Am. Stat. Assoc. 68,
// 1973, p. 46). ok is false for fewer than three cells, for a cell without a connection,
// and where the shares differ by no more than chance.
func FitExposure(exposed, connections []int) (r ExposureRate, ok bool) {
	m := float64(len(exposed))
	if len(exposed) < 3 || len(exposed) != len(connections) {
		return ExposureRate{}, false
	}
	mean, inverse := 0.0, 0.0
	for i, n := range connections {
		if n <= 0 || exposed[i] < 0 || exposed[i] > n {
			return ExposureRate{}, false
		}
		mean += float64(exposed[i]) / float64(n) / m
		inverse += 1 / float64(n)
	}
	squares := 0.0
	for i, n := range connections {
		d := float64(exposed[i])/float64(n) - mean
		squares += d * d
	}
	// A share's variance is mean(1-mean)(1/n + rho(1-1/n)), rho = 1/(concentration+1).
	unit := mean * (1 - mean) * (1 - 1/m)
	rho := (squares - unit*inverse) / (unit * (m - inverse))
	if !(rho > 0 && rho < 1) {
		return ExposureRate{}, false
	}
	return ExposureRate{mean, 1/rho - 1}, true
}

func (r ExposureRate) valid() bool {
	return r.Mean > 0 && r.Mean < 1 && r.Concentration > 0 && !math.IsInf(r.Concentration, 0)
}

// Network returns the rate of a network of which that many connections on other cells or
// occasions are known: its mean is the posterior one, within the range of the commercial
// tables. The spread stays: it is that between minutes and cells, which no number of
// connections removes.
func (r ExposureRate) Network(exposed, connections int) ExposureRate {
	if connections <= 0 || exposed < 0 || exposed > connections || !r.valid() {
		return r
	}
	mean := (r.Mean*r.Concentration + float64(exposed)) / (r.Concentration + float64(connections))
	return ExposureRate{min(max(mean, min(exposureLowest, r.Mean)), max(exposureHighest, r.Mean)), r.Concentration}
}

// Above is the share from which a rate counts as increased: the network stays below it in
// 999 of 1,000 minutes.
func (r ExposureRate) Above() float64 {
	return mathext.InvRegIncBeta(r.Mean*r.Concentration, (1-r.Mean)*r.Concentration, exposureUsual)
}

// LogFactor returns the log10 Bayes factor of exposed among connections for an increased
// rate, any between Above and 1 being as likely as any other, against the network's own:
// beta-binomial likelihoods (Gelman et al., Bayesian Data Analysis, 3rd ed., §2.4, §7.4).
// It never falls with exposed, so that an ordinary rate below r only makes it smaller. It
// is at least -300. ok is false without connections.
func (r ExposureRate) LogFactor(exposed, connections int) (log10 float64, ok bool) {
	if !r.valid() {
		return 0, false
	}
	return r.logFactor(exposed, connections, r.Above())
}

func (r ExposureRate) logFactor(exposed, connections int, above float64) (float64, bool) {
	if connections <= 0 || exposed < 0 || exposed > connections {
		return 0, false
	}
	a, b := r.Mean*r.Concentration, (1-r.Mean)*r.Concentration
	k, m := float64(exposed), float64(connections-exposed)
	increased := mathext.Lbeta(k+1, m+1) + math.Log(mathext.RegIncBeta(m+1, k+1, 1-above)) - math.Log1p(-above)
	own := mathext.Lbeta(a+k, b+m) - mathext.Lbeta(a, b)
	f := (increased - own) / math.Ln10
	if math.IsNaN(f) || f < exposureFloor {
		return exposureFloor, true
	}
	return f, true
}

// ExposureTest watches the connections of one cell minute by minute. With each minute it
// looks for the window, of up to 120 minutes that end now, with the largest LogFactor: an
// e-detector (Shin, Ramdas and Rinaldo, New Engl. J. Stat. Data Sci. 2, 2024, p. 229).
// Over ordinary cells, whose shares are spread as the rate says and may differ for good,
// the minutes up to an alarm are on average no fewer than 10 to the power of the
// threshold, because the sum of the windows' factors, less the number of minutes, has a
// mean of at most zero whenever one stops.
type ExposureTest struct {
	rate      ExposureRate
	above     float64
	threshold float64
	minutes   []exposureMinute
	next      int // number of the next minute
	critical  []int
}

type exposureMinute struct{ number, exposed, connections int }

// ExposureWindow is the run of minutes that an alarm rests on.
type ExposureWindow struct {
	// First is the number of the first minute, counted in calls of Add from 0, Minutes how
	// many they are.
	First, Minutes       int
	Connections, Exposed int
	// Log10 is the LogFactor of the two.
	Log10 float64
}

const (
	// exposureWindow is the number of minutes of the longest window.
	exposureWindow = 120
	// exposureTabled is up to how many connections the least alarming count is kept.
	exposureTabled = 1 << 14
)

// NewExposureTest returns a test against the rate with that threshold of the log10
// factor, usually ExposureAlarm. ok is false for a rate that is none.
func NewExposureTest(r ExposureRate, threshold float64) (t *ExposureTest, ok bool) {
	if !r.valid() || !(threshold > 0) {
		return nil, false
	}
	return &ExposureTest{rate: r, above: r.Above(), threshold: threshold}, true
}

// Add takes the connections of the next minute and returns the window of an alarm. With an
// alarm the test starts anew. Minutes without a connection may be left out.
func (t *ExposureTest) Add(exposed, connections int) (w ExposureWindow, alarm bool) {
	number := t.next
	t.next++
	if connections <= 0 || exposed < 0 || exposed > connections {
		return ExposureWindow{}, false
	}
	if len(t.minutes) == exposureWindow {
		copy(t.minutes, t.minutes[1:])
		t.minutes = t.minutes[:exposureWindow-1]
	}
	t.minutes = append(t.minutes, exposureMinute{number, exposed, connections})
	if exposed == 0 {
		return ExposureWindow{}, false // the factor of no window rose
	}
	k, n := 0, 0
	for i := len(t.minutes) - 1; i >= 0; i-- {
		m := &t.minutes[i]
		k += m.exposed
		n += m.connections
		if n <= ExposureFew || !t.alarming(k, n) {
			continue
		}
		if f, _ := t.rate.logFactor(k, n, t.above); f >= t.threshold && f > w.Log10 {
			w, alarm = ExposureWindow{First: m.number, Minutes: number - m.number + 1, Connections: n, Exposed: k, Log10: f}, true
		}
	}
	if alarm {
		t.minutes = t.minutes[:0]
	}
	return w, alarm
}

// alarming reports whether k of n may reach the threshold, at little cost where it is
// asked often.
func (t *ExposureTest) alarming(k, n int) bool {
	if n > exposureTabled {
		return true
	}
	for len(t.critical) <= n {
		least := 0
		if len(t.critical) > 0 {
			least = t.critical[len(t.critical)-1] // it never falls with n
		}
		for c := len(t.critical); least <= c; least++ {
			if f, ok := t.rate.logFactor(least, c, t.above); ok && f >= t.threshold {
				break
			}
		}
		t.critical = append(t.critical, least)
	}
	return k >= t.critical[n]
}
