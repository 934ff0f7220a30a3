// Package wire holds what every decoder shares: bounded readers for octets and
// bits, and the error that locates a defect in a message.
//
// No reader ever sizes an allocation from a length it read, and none panics on any
// input.
package wire

import (
	"errors"
	"fmt"
)

// What can be wrong with a message. Test with errors.Is.
var (
	// ErrShort: the message ends inside the field.
	ErrShort = errors.New("message ends early")
	// ErrInvalid: the field holds a value its specification does not allow.
	ErrInvalid = errors.New("value not allowed here")
	// ErrUnsupported: the field is well formed as far as seen, but not decoded.
	ErrUnsupported = errors.New("not decoded")
	// ErrLength: a length field contradicts the octets present.
	ErrLength = errors.New("length contradicts the content")
)

// DecodeError locates the first defect of a message.
type DecodeError struct {
	// Path names the field, outermost first, joined by dots.
	Path string
	// Offset is the octet in which the field starts, from the start of the
	// outermost buffer.
	Offset int
	// Bit is the bit inside that octet, 0 = most significant, for fields that do
	// not start on an octet border; else 0.
	Bit int
	// Err is one of the sentinels of this package.
	Err error
}

// Error says which field is wrong, where, and how.
func (e *DecodeError) Error() string {
	if e.Bit != 0 {
		return fmt.Sprintf("%s at octet %d bit %d: %v", e.Path, e.Offset, e.Bit, e.Err)
	}
	return fmt.Sprintf("%s at octet %d: %v", e.Path, e.Offset, e.Err)
}

// Unwrap gives the sentinel to errors.Is.
func (e *DecodeError) Unwrap() error { return e.Err }

// Within returns err with path put in front of its path and its offset moved by
// octets: an enclosing decoder calls it on the error of the part it handed down.
// Other errors and nil are returned as they are.
func Within(err error, path string, octets int) error {
	if err == nil {
		return nil
	}
	var d *DecodeError
	if !errors.As(err, &d) {
		return err
	}
	n := *d
	n.Offset += octets
	switch {
	case path == "":
	case n.Path == "":
		n.Path = path
	default:
		n.Path = path + "." + n.Path
	}
	return &n
}
