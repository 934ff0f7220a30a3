//go:build race

package cli

// racing: the tests run under the race detector, with which all captures of the corpus in
// every format take longer than a package's tests may.
const racing = true
