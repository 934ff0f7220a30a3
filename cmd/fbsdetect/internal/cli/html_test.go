package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/fbsdetect/fbsdetect/detect/report"
)

// manyCells is a drive past 30 cells of two networks, every cell with the next ones as
// neighbours, and a false one among them.
func manyCells() string {
	var b strings.Builder
	list := func(arfcns ...int) string { // bit map 0, TS 44.018 §10.5.2.13.2
		var set [16]byte
		for _, n := range arfcns {
			set[15-(n-1)/8] |= 1 << ((n - 1) % 8)
		}
		return fmt.Sprintf("%x", set)
	}
	for i := range 30 {
		n := 10 + i
		plmn := "00f110"
		if i%3 == 2 {
			plmn = "00f120"
		}
		fmt.Fprintf(&b, "@%d BCCH %d %d dBm: 49 061b %04x %s 0bb8 480314 28 4505 b90000 2b2b2b2b\n", 10*i, n, -60-i, 0x2711+i, plmn)
		fmt.Fprintf(&b, "BCCH %d %d dBm: 59 061a %s ff b90000\n", n, -61-i, list(10+(i+1)%30, 10+(i+2)%30, 10+(i+29)%30, 90))
		fmt.Fprintf(&b, "BCCH %d %d dBm: 55 0619 %s b90000 2b\n", n, -59-i, list(n))
	}
	b.WriteString("@400 BCCH 60 -40 dBm: 49 061b 0001 00f110 ffdc 48031f 00 6505 790000 ff03ec2b\n")
	b.WriteString("BCCH 60 -41 dBm: 59 061a 00000000000000000000000000000000 ff 790000\n")
	for range 12 {
		b.WriteString("DTAP 60 ul: 0508 70 00f1100bb8 33 05 f4 01020304\nDTAP 60: 0518 01\n")
		b.WriteString("DTAP 60 ul: 0519 08 09101010 32547698\nDTAP 60: 0504 0d\nDTAP 60: 060d 00\n")
	}
	return b.String()
}

// pages are the captures that the page is looked at with.
func pages(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	list := map[string]string{
		"blaster": lab("lab-three-cells-and-blaster.ms.pcap"),
		"cells30": write(t, dir, "cells30.pcap", pcap(t, manyCells())),
		"quiet":   write(t, dir, "quiet.pcap", pcap(t, synthetic)),
	}
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "..", "shared", "corpus")
	}
	for name, path := range map[string]string{
		"catcher": "captures/sfikouris__catch_the_catcher/pcaps/gsm_imsi_catcher.pcapng",
		"um":      "lab/gsm-osmo-rogue-smsblaster.um.pcap",
		"lte30":   "captures/derived_scat/mobileinsight__cmcc.pcap",
	} {
		if path = filepath.Join(root, filepath.FromSlash(path)); exists(path) {
			list[name] = path
		} else {
			t.Logf("no %s: set FBSDETECT_CORPUS to the corpus of captures", path)
		}
	}
	return list
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// makePage writes the page of a capture and returns its path and content.
func makePage(t *testing.T, dir, name, lang, capture string) (path, content string) {
	t.Helper()
	path = filepath.Join(dir, name+"-"+lang+".html")
	if code, _, stderr := run(t, "scan", "-f", "html", "--lang", lang, "--fail-on", "never", "-o", path, capture); code != exitClean || stderr != "" {
		t.Fatalf("%s in %s: exit %d, %s", name, lang, code, stderr)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(b)
}

var outside = regexp.MustCompile(`(?i)(?:src|href|action|srcset|poster|data)="([^"#][^"]*)"|url\(|@import|<(?:link|img|iframe|object|embed|base)\b`)

// TestHTML: the page is one file that names nothing outside of it, below 1 MB, the same
// each time, in every language.
func TestHTML(t *testing.T) {
	dir := t.TempDir()
	for name, capture := range pages(t) {
		for _, lang := range report.Languages() {
			_, page := makePage(t, dir, name, lang, capture)
			if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\""+lang+"\">") {
				t.Errorf("%s in %s begins with %.60q", name, lang, page)
			}
			if found := outside.FindAllString(page, -1); found != nil {
				t.Errorf("%s in %s refers to %q", name, lang, found)
			}
			if n := len(page); n > 1_000_000 {
				t.Errorf("%s in %s has %d octets", name, lang, n)
			} else {
				t.Logf("%s in %s: %d octets", name, lang, n)
			}
			harmless(t, page)
			if _, again := makePage(t, dir, name, lang, capture); again != page {
				t.Errorf("%s in %s differs from run to run", name, lang)
			}
		}
	}
	quiet := pages(t)["quiet"]
	if code, _, stderr := run(t, "scan", "-f", "html", "--lang", "xx", quiet); code != exitUsage || !strings.Contains(stderr, "--lang") {
		t.Errorf("unknown language: exit %d, %s", code, stderr)
	}
	if code, stdout, _ := run(t, "scan", "-f", "html", lab(labRogue)); code != exitFindings || !strings.Contains(stdout, "Consistent with a false base station") {
		t.Errorf("page of a rogue cell: exit %d", code)
	}
}

// overflow lists what is wider than the place it has. It opens all cells first.
const overflow = `(() => {
	for (const d of document.querySelectorAll("details")) d.open = true;
	const bad = [], root = document.documentElement;
	if (root.scrollWidth > root.clientWidth) bad.push("document " + root.scrollWidth + " > " + root.clientWidth);
	for (const e of document.querySelectorAll("body *")) {
		if (e.closest("svg, .sr, .skip, script, option") || e.closest("thead") && getComputedStyle(e.closest("thead")).position === "absolute") continue;
		const r = e.getBoundingClientRect();
		if (r.width === 0) continue;
		const wide = e.clientWidth > 0 && e.scrollWidth > e.clientWidth && getComputedStyle(e).display !== "inline";
		if (wide || r.right > root.clientWidth + 0.5 || r.left < -0.5)
			bad.push(e.tagName + "." + e.className + " " + e.scrollWidth + " > " + e.clientWidth + ", " + Math.round(r.right) + ": " + e.textContent.trim().slice(0, 60));
	}
	return bad.slice(0, 10);
})()`

// usage filters, sorts and unfolds: cells shown at first, of the highest verdict, with a
// word that one has; whether sorting by score twice puts the false cell first; and whether
// a link opens a folded cell.
const usage = `(() => {
	const shown = () => Array.from(document.querySelectorAll("#ranks tbody tr")).filter(r => !r.hidden);
	const out = [shown().length], set = (id, value, event) => { const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event(event)); };
	set("least", "4", "change"); out.push(shown().length); set("least", "0", "change");
	set("find", "65500 ci", "input"); out.push(shown().length); set("find", "", "input");
	const sort = document.querySelectorAll("#ranks thead th button")[2];
	sort.click(); const low = shown()[0].textContent; sort.click();
	out.push(!low.includes("65500"), shown()[0].querySelector("a").hash.slice(1));
	document.getElementById("close").click();
	document.getElementById("open").click();
	out.push(Array.from(document.querySelectorAll("details.cell")).every(d => d.open));
	return out.join(" ");
})()`

// TestBrowser opens the pages in Chromium, on a phone and a desk, light and dark: no
// error, no request, no text wider than its place. FBSDETECT_AXE names axe.min.js of the
// npm package axe-core, with which accessibility is checked; FBSDETECT_SHOTS a folder
// for pictures of the pages.
func TestBrowser(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium to open the page with")
	}
	if testing.Short() {
		t.Skip("takes a browser")
	}
	axe := ""
	if name := os.Getenv("FBSDETECT_AXE"); name != "" {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		axe = string(b)
	} else {
		t.Log("accessibility is not checked: FBSDETECT_AXE names no axe.min.js")
	}
	shots := os.Getenv("FBSDETECT_SHOTS")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	defer cancel()
	browser, cancel := chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Skipf("chromium does not start here: %v", err)
	}
	browser, cancel = context.WithTimeout(browser, 10*time.Minute)
	defer cancel()
	var mu sync.Mutex
	var trouble []string
	complain := func(format string, a ...any) {
		mu.Lock()
		defer mu.Unlock()
		trouble = append(trouble, fmt.Sprintf(format, a...))
	}
	open := ""
	err = chromedp.Listen(browser, func(ev any) {
		switch ev := ev.(type) {
		case *cdpruntime.EventExceptionThrown:
			complain("exception: %s line %d", ev.ExceptionDetails.Text, ev.ExceptionDetails.LineNumber)
		case *cdpruntime.EventConsoleAPICalled:
			complain("console: %s %v", ev.Type, ev.Args)
		case *log.EventEntryAdded:
			complain("log: %s %s", ev.Entry.Level, ev.Entry.Text)
		case *network.EventRequestWillBeSent:
			mu.Lock()
			own := ev.Request.URL == open
			mu.Unlock()
			if !own {
				complain("request: %s", ev.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_, nerr := chromedp.Call(browser, network.Enable, network.EnableParams{})
	_, lerr := chromedp.Call(browser, log.Enable, cdp.Empty{})
	if err := errors.Join(nerr, lerr); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, capture := range pages(t) {
		for _, lang := range report.Languages() {
			file, _ := makePage(t, dir, name, lang, capture)
			for _, width := range []int64{390, 1280} {
				for _, scheme := range []string{"light", "dark"} {
					what := fmt.Sprintf("%s-%s-%d-%s", name, lang, width, scheme)
					mu.Lock()
					open, trouble = "file://"+file, nil
					mu.Unlock()
					_, err := chromedp.Call(browser, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
					})
					if err == nil {
						err = chromedp.Do(browser, chromedp.EmulateViewport(width, 900), chromedp.Navigate(open))
					}
					if err != nil {
						t.Fatalf("%s: %v", what, err)
					}
					if shots != "" {
						png := evaluate(t, browser, chromedp.FullScreenshot(100))
						if err := os.WriteFile(filepath.Join(shots, what+".png"), png, 0o644); err != nil {
							t.Fatal(err)
						}
					}
					background := evaluate(t, browser, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))
					shown := evaluate(t, browser, chromedp.Evaluate[int](`document.querySelectorAll(".tools:not([hidden])").length`))
					wide := evaluate(t, browser, chromedp.Evaluate[[]string](overflow))
					if len(wide) > 0 {
						t.Errorf("%s is too wide:\n%s", what, strings.Join(wide, "\n"))
					}
					if want := map[string]string{"light": "rgb(247, 246, 242)", "dark": "rgb(18, 23, 28)"}[scheme]; background != want {
						t.Errorf("%s: background %s, want %s", what, background, want)
					}
					if shown != 2 {
						t.Errorf("%s: the script did not run: %d tools shown", what, shown)
					}
					if name == "cells30" && width == 1280 && scheme == "light" {
						if got := evaluate(t, browser, chromedp.Evaluate[string](usage)); got != "31 1 1 true cell-1 true" {
							t.Errorf("%s: the tools gave %s", what, got)
						}
					}
					if axe != "" && (lang == "en" || width == 390 && scheme == "light") {
						checkAccess(t, browser, what, axe)
					}
					mu.Lock()
					for _, s := range trouble {
						t.Errorf("%s: %s", what, s)
					}
					mu.Unlock()
				}
			}
		}
	}
}

// evaluate runs an action that must work.
func evaluate[T any](t *testing.T, browser context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(browser, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// checkAccess runs axe-core on the open page; serious findings fail.
func checkAccess(t *testing.T, browser context.Context, what, axe string) {
	t.Helper()
	evaluate(t, browser, chromedp.Evaluate[int](axe+";0"))
	found := evaluate(t, browser, chromedp.Evaluate[[]string](`axe.run().then(r => (r.passes.length < 15 ? ["serious: only " + r.passes.length + " checks were made"] : []).concat(r.violations.map(v => v.impact + " " + v.id + ": " +
		v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + n.failureSummary).join(" | "))))`, chromedp.EvalAwaitPromise))
	for _, f := range found {
		if strings.HasPrefix(f, "serious") || strings.HasPrefix(f, "critical") {
			t.Errorf("%s: %s", what, f)
		} else {
			t.Logf("%s: %s", what, f)
		}
	}
}
