package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/report"
)

// TestReadme runs every command that the README shows and compares the output it
// shows, up to a line "[...]".
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	b, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	ci, err := os.ReadFile(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	ran := 0
	made := map[string]string{} // files that a command wrote, in a folder of the test
	folder := t.TempDir()
	for _, block := range strings.Split(string(b), "```console\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, want, _ := strings.Cut(part, "\n")
			words := strings.Fields(command)
			args, ours := strings.CutPrefix(command, "fbsdetect ")
			if !ours {
				args, ours = strings.CutPrefix(command, "go run ./cmd/fbsdetect ")
			}
			switch {
			case ours:
				args := strings.Fields(args)
				for i, a := range args {
					if i > 0 && args[i-1] == "-o" {
						made[a] = filepath.Join(folder, a)
					}
					args[i] = cmp.Or(made[a], a)
				}
				var stdout, stderr bytes.Buffer
				code := Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
				if code != exitClean && code != exitFindings || stderr.Len() > 0 {
					t.Errorf("%s: exit %d, %s", command, code, stderr.String())
				}
				if want, _, shown := strings.Cut(want, "[...]"); shown && !strings.HasPrefix(trimLines(stdout.String()), trimLines(want)) {
					t.Errorf("%s: the README shows another output than\n%s", command, stdout.String())
				}
			case words[0] == "go" && (words[1] == "install" || words[1] == "build"):
				if _, err := os.Stat(words[2]); err != nil {
					t.Errorf("%s: %v", command, err)
				}
			case command == "go test ./...":
				if !strings.Contains(string(ci), "\n"+command+"\n") {
					t.Errorf("continuous integration does not run %q", command)
				}
			default:
				t.Errorf("no test runs %q", command)
			}
			ran++
		}
	}
	if ran < 8 {
		t.Errorf("only %d commands found", ran)
	}
}

// trimLines takes the white space off the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// TestReadmeFormats: the README's table lists the formats there are.
func TestReadmeFormats(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := "| format | file | for |\n|---|---|---|\n"
	for _, f := range report.Formats() {
		want += fmt.Sprintf("| `%s` | `%s` | %s |\n", f.Name, f.Extension, f.Use)
	}
	if !strings.Contains(string(b), want+"\n") {
		t.Errorf("the README lacks\n%s", want)
	}
}

// TestReadmeExitCodes: the README's table lists exactly the codes there are.
func TestReadmeExitCodes(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(b), "| exit code | meaning |\n")
	if !ok {
		t.Fatal("no table of exit codes")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	got := ""
	for _, row := range strings.Split(table, "\n")[1:] {
		got += strings.Fields(row)[1] + " "
	}
	if got != "0 1 2 3 " || exitClean != 0 || exitFindings != 1 || exitUsage != 2 || exitInput != 3 {
		t.Errorf("README lists %q", got)
	}
}
