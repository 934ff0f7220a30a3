package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

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
					if i > 0 && slices.Contains([]string{"-o", "--junit", "--sarif"}, args[i-1]) {
						made[a] = filepath.Join(folder, a)
					}
					args[i] = cmp.Or(made[a], a)
				}
				if slices.Contains(args, "--update") { // not to change what other tests compare with
					if err := os.CopyFS(filepath.Join(folder, "testdata"), os.DirFS("testdata")); err != nil {
						t.Fatal(err)
					}
					for i, a := range args {
						if strings.HasPrefix(a, "testdata/") {
							args[i] = filepath.Join(folder, a)
						}
					}
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

// TestReadmeWorkflow: the workflow that the README shows parses, has no key that GitHub
// does not know, and its commands run.
func TestReadmeWorkflow(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..")
	b, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, ok := strings.Cut(string(b), "```yaml\n")
	if !ok {
		t.Fatal("no workflow")
	}
	text, _, _ = strings.Cut(text, "```")
	var w struct {
		Name        string
		On          []string
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn string `yaml:"runs-on"`
			Steps  []struct {
				Uses, Run, If string
				With          map[string]string
			}
		}
	}
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&w); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	folder := t.TempDir()
	action := regexp.MustCompile(`^[a-z-]+/[a-z/-]+@v[0-9]+$`)
	ran := 0
	for name, job := range w.Jobs {
		if job.RunsOn == "" || len(w.On) == 0 || w.Permissions["contents"] != "read" {
			t.Errorf("job %s: %+v", name, job)
		}
		for _, step := range job.Steps {
			words := strings.Fields(step.Run)
			switch {
			case step.Run == "" && action.MatchString(step.Uses):
			case len(words) == 3 && words[0] == "go" && words[1] == "install":
				if _, err := os.Stat(words[2]); err != nil {
					t.Error(err)
				}
			case len(words) > 1 && words[0] == "fbsdetect":
				for i := range words[1:] {
					if words[i] == "--junit" || words[i] == "--sarif" {
						words[i+1] = filepath.Join(folder, words[i+1])
					}
				}
				if code, stdout, stderr := run(t, words[1:]...); code != exitClean {
					t.Errorf("%s: exit %d\n%s%s", step.Run, code, stdout, stderr)
				}
				ran++
			default:
				t.Errorf("step %+v", step)
			}
			for _, key := range []string{"sarif_file", "path"} {
				if file := step.With[key]; file != "" {
					if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
						t.Errorf("%s takes a file that no command wrote: %v", step.Uses, err)
					}
				}
			}
		}
	}
	if ran != 1 {
		t.Errorf("%d commands", ran)
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
