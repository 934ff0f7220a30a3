// Package facility decodes the element Facility, in which call control and the
// supplementary services ask for operations and answer them: TS 24.080 v17.0.0 §3.6 and
// §4, in the Basic Encoding Rules of ITU-T X.690.
//
// Of the parameters, those that say what a user is told or asked, and which service is
// changed to which number, are decoded; the others are kept as octets. No input makes
// the decoder panic; it allocates texts and numbers only.
package facility

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// MaxComponents is how many components of a Facility are kept. Networks send one.
const MaxComponents = 4

// Facility is the element Facility (TS 24.080 §3.6, TS 24.008 §10.5.4.15).
type Facility struct {
	// Present is false if the message has no such element.
	Present bool
	// Components are the components, in order.
	Components [MaxComponents]Component
	// ComponentCount is the number of Components.
	ComponentCount int
	// More is the number of components for which there was no place.
	More int
}

// Type is the kind of a component: its tag (TS 24.080 table 3.7).
type Type uint8

// Component types.
const (
	Invoke       Type = 0xa1
	ReturnResult Type = 0xa2
	ReturnError  Type = 0xa3
	Reject       Type = 0xa4
)

// String names the type.
func (t Type) String() string {
	switch t {
	case Invoke:
		return "Invoke"
	case ReturnResult:
		return "Return result"
	case ReturnError:
		return "Return error"
	case Reject:
		return "Reject"
	}
	return "reserved"
}

// Component asks for an operation or answers one (TS 24.080 §3.6.1).
type Component struct {
	// Type is the kind of component.
	Type Type
	// HasInvokeID: InvokeID is present. A Reject of something unreadable has none.
	HasInvokeID bool
	// InvokeID ties an answer to its Invoke, -128 to 127.
	InvokeID int32
	// HasLinkedID: LinkedID is present.
	HasLinkedID bool
	// LinkedID is the InvokeID of the operation that this Invoke belongs to.
	LinkedID int32
	// HasOperation: Operation is present.
	HasOperation bool
	// Operation is the operation code.
	Operation Operation
	// HasErrorCode: ErrorCode is present.
	HasErrorCode bool
	// ErrorCode says why an operation failed.
	ErrorCode ErrorCode
	// HasProblem: Problem is present.
	HasProblem bool
	// Problem says why a component was rejected.
	Problem Problem
	// HasService: Service is present.
	HasService bool
	// Service is the supplementary service that the operation is about.
	Service Service
	// Number is where calls are to be forwarded or deflected to.
	Number ident.Address
	// HasCoding: Coding is present.
	HasCoding bool
	// Coding is the data coding scheme of Text.
	Coding coding.Scheme
	// Text is what a user typed or is to read (USSD).
	Text ident.Text
	// Parameter is the parameter as it was sent; it aliases the input.
	Parameter []byte
}

// Read reads a length and the element.
func (f *Facility) Read(r *wire.Reader) {
	off := r.Offset()
	v := r.LV("Facility")
	if !r.OK() {
		return
	}
	if err, ok := f.Decode(v).(*wire.DecodeError); ok {
		r.Fail("Facility."+err.Path, off+1+err.Offset, err.Err)
	}
}

// Decode fills f from b, the value of the element.
func (f *Facility) Decode(b []byte) error {
	*f = Facility{Present: true}
	r := wire.NewReader(b)
	for r.Len() > 0 {
		at := r.Offset()
		e := next(&r, "Component", 0)
		if !r.OK() {
			break
		}
		if f.ComponentCount == MaxComponents {
			f.More++
			continue
		}
		c := &f.Components[f.ComponentCount]
		f.ComponentCount++
		c.Type = Type(e.tag)
		in := e.in(b)
		switch c.Type {
		case Invoke:
			c.invoke(&in, b)
		case ReturnResult:
			c.result(&in, b)
		case ReturnError:
			c.failure(&in, b)
		case Reject:
			c.reject(&in, b)
		default:
			in.Fail("Component type tag", at, wire.ErrInvalid)
		}
		if err := in.Err(); err != nil {
			return err
		}
	}
	return r.Err()
}

func (c *Component) invokeID(r *wire.Reader, b []byte) {
	e := expect(r, "Invoke ID", tagInteger)
	c.InvokeID = e.integer(r, b, "Invoke ID")
	c.HasInvokeID = r.OK()
}

// readCode reads an operation or error code. Global ones, which are object identifiers,
// belong to no GSM specification: they are passed over, and ok is false.
func readCode(r *wire.Reader, b []byte, field string) (code int32, ok bool) {
	at := r.Offset()
	e := next(r, field, 0)
	switch {
	case !r.OK() || e.tag == tagOID:
	case e.tag != tagInteger:
		r.Fail(field, at, wire.ErrInvalid)
	default:
		code = e.integer(r, b, field)
		return code, r.OK()
	}
	return 0, false
}

func (c *Component) invoke(r *wire.Reader, b []byte) {
	c.invokeID(r, b)
	if tag, _ := r.Peek(); tag == 0x80 {
		e := next(r, "Linked ID", 0)
		c.LinkedID = e.integer(r, b, "Linked ID")
		c.HasLinkedID = r.OK()
	}
	code, ok := readCode(r, b, "Operation Code")
	c.Operation, c.HasOperation = Operation(code), ok
	c.parameter(r, b, Invoke)
}

func (c *Component) result(r *wire.Reader, b []byte) {
	c.invokeID(r, b)
	if r.Len() == 0 {
		return
	}
	e := expect(r, "Sequence", tagSequence)
	if !r.OK() {
		return
	}
	*r = e.in(b)
	code, ok := readCode(r, b, "Operation Code")
	c.Operation, c.HasOperation = Operation(code), ok
	c.parameter(r, b, ReturnResult)
}

func (c *Component) failure(r *wire.Reader, b []byte) {
	c.invokeID(r, b)
	code, ok := readCode(r, b, "Error Code")
	c.ErrorCode, c.HasErrorCode = ErrorCode(code), ok
	c.parameter(r, b, ReturnError)
}

func (c *Component) reject(r *wire.Reader, b []byte) {
	if tag, _ := r.Peek(); tag == tagNull {
		next(r, "Invoke ID", 0)
	} else {
		c.invokeID(r, b)
	}
	at := r.Offset()
	e := next(r, "Problem Code", 0)
	v := e.octets(b)
	switch {
	case !r.OK():
	case e.tag&^3 != 0x80:
		r.Fail("Problem Code", at, wire.ErrInvalid)
	case len(v) != 1:
		r.Fail("Problem Code", e.start, wire.ErrLength)
	default:
		c.Problem, c.HasProblem = Problem(e.tag&3)<<8|Problem(v[0]), true
	}
}

// parameter keeps what is left of a component and reads the parameters that are known.
func (c *Component) parameter(r *wire.Reader, b []byte, t Type) {
	if r.Len() == 0 {
		return
	}
	at := r.Offset()
	e := next(r, "Parameter", 0)
	if !r.OK() {
		return
	}
	c.Parameter = b[at:r.Offset():r.Offset()]
	if !c.HasOperation {
		return
	}
	in := e.in(b)
	switch op := c.Operation; {
	case op == ProcessUnstructuredSSData && e.tag == tagIA5String:
		c.Text = ident.Text(strings.ToValidUTF8(string(e.octets(b)), "\ufffd"))
	case op >= ProcessUnstructuredSSRequest && op <= UnstructuredSSNotify && e.tag == tagSequence:
		c.unstructured(&in, b)
	case t != Invoke:
	case op == RegisterPassword && e.tag == tagOctetString:
		c.service(&in, b, e)
	case op >= RegisterSS && op <= InterrogateSS && e.tag == tagSequence:
		c.service(&in, b, expect(&in, "SS-Code", tagOctetString))
		c.number(&in, b, 0x84)
	case op == NotifySS && e.tag == tagSequence:
		if tag, _ := in.Peek(); tag == 0x81 {
			c.service(&in, b, next(&in, "SS-Code", 0))
		}
	case op == CallDeflection && e.tag == tagSequence:
		c.number(&in, b, 0x80)
	}
	if err, ok := in.Err().(*wire.DecodeError); ok {
		r.Fail(err.Path, err.Offset, err.Err)
	}
}

// unstructured reads USSD-Arg or USSD-Res (TS 24.080 §4.4.1).
func (c *Component) unstructured(r *wire.Reader, b []byte) {
	scheme := expect(r, "USSD-DataCodingScheme", tagOctetString)
	if r.OK() && scheme.end-scheme.start != 1 {
		r.Fail("USSD-DataCodingScheme", scheme.start, wire.ErrLength)
	}
	if !r.OK() {
		return
	}
	c.Coding, c.HasCoding = coding.Scheme(b[scheme.start]), true
	text := expect(r, "USSD-String", tagOctetString)
	if r.OK() {
		c.Text, _ = c.Coding.Text(text.octets(b))
	}
}

// service reads an SS-Code (TS 29.002 §17.7.5).
func (c *Component) service(r *wire.Reader, b []byte, e element) {
	v := e.octets(b)
	if r.OK() && len(v) != 1 {
		r.Fail("SS-Code", e.start, wire.ErrLength)
	}
	if r.OK() {
		c.Service, c.HasService = Service(v[0]), true
	}
}

// number looks in what is left for the address with a tag.
func (c *Component) number(r *wire.Reader, b []byte, tag uint8) {
	for r.Len() > 0 {
		if e := next(r, "Parameter", 0); r.OK() && e.tag == tag && !c.Number.Present() {
			c.Number = ident.DecodeAddress(e.octets(b))
		}
	}
}
