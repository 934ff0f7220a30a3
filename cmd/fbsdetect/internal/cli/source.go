package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect"
)

// sources finds the captures that args name: files, folders, patterns and "-". What
// is not found is an error beside those that were; order is that of args, and sorted
// inside folders and patterns. A file named twice is read once.
func (e *env) sources(args []string) ([]detect.Source, error) {
	var list []detect.Source
	var failed []error
	seen := map[string]bool{}
	add := func(path string) {
		if clean := filepath.Clean(path); !seen[clean] {
			seen[clean] = true
			list = append(list, detect.FileSource(path))
		}
	}
	for _, arg := range args {
		if arg == "-" {
			if !seen["-"] {
				seen["-"] = true
				list = append(list, detect.Source{Path: "-", Size: -1, Open: func() (io.ReadCloser, error) {
					return io.NopCloser(e.stdin), nil
				}})
			}
			continue
		}
		if folder, ok := strings.CutSuffix(filepath.ToSlash(arg), "/..."); ok {
			arg = folder // as Go writes "the folder and all below it", which a folder means anyway
		}
		paths := []string{arg}
		if _, err := os.Stat(arg); err != nil && strings.ContainsAny(arg, "*?[") {
			found, err := filepath.Glob(arg)
			if err != nil {
				return nil, fmt.Errorf("pattern %s: %w", arg, err)
			}
			if len(found) == 0 {
				failed = append(failed, inputError(arg, errors.New("no file matches the pattern")))
				continue
			}
			slices.Sort(found)
			paths = found
		}
		for _, path := range paths {
			if fi, err := os.Stat(path); err != nil || !fi.IsDir() {
				add(path) // reading it says what is wrong with it
				continue
			}
			found, err := e.captures(path)
			if err != nil {
				failed = append(failed, err)
			}
			for _, f := range found {
				add(f)
			}
			if len(found) == 0 && err == nil {
				failed = append(failed, inputError(path, errors.New("no capture in this folder")))
			}
		}
	}
	for _, s := range list {
		e.log.Info("to be read", "capture", s.Path, "octets", s.Size)
	}
	return list, errors.Join(failed...)
}

func inputError(path string, err error) error {
	return fmt.Errorf("%w: %s: %w", detect.ErrInput, path, err)
}

// captures lists the files below a folder that look like captures.
func (e *env) captures(root string) ([]string, error) {
	var list []string
	var failed []error
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			failed = append(failed, inputError(path, err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if fi, err := os.Stat(path); err != nil || !fi.Mode().IsRegular() {
			return nil // a pipe would block, a link to a folder may be a circle
		}
		is, err := looksLikeCapture(path)
		switch {
		case err != nil:
			failed = append(failed, inputError(path, err))
		case is:
			list = append(list, path)
		default:
			e.log.Info("skipped, no capture", "file", path)
		}
		return nil
	})
	return list, errors.Join(append(failed, err)...)
}

// magics are the first octets of captures and of what they are compressed with.
var magics = []string{
	"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", // pcap, microseconds
	"\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1", // pcap, nanoseconds
	"\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1", // pcap, modified
	"\x0a\x0d\x0d\x0a", // pcapng
	"\x1f\x8b",         // gzip
	"\x28\xb5\x2f\xfd", // zstd
}

// looksLikeCapture looks at the first octets of a file.
func looksLikeCapture(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var head [4]byte
	n, err := io.ReadFull(f, head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return slices.ContainsFunc(magics, func(m string) bool { return strings.HasPrefix(string(head[:n]), m) }), nil
}
