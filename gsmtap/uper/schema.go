// Package uper decodes and encodes ASN.1 in unaligned packed encoding rules (ITU-T
// X.691, UNALIGNED basic variant) by interpreting a schema that is data.
//
// Decoding gives a tree of values in an arena that is used again, each value with its
// bit offset. A receiver must not fail on what a later release added (TS 36.331 §8.1,
// TS 25.331 §12.1.3), so unknown extensions are skipped by their length and what is left
// over is recorded instead of refused.
package uper

// Kind is the built-in ASN.1 type that a Type is made of.
type Kind uint8

// Kinds of types.
const (
	Boolean Kind = iota
	Integer
	Enumerated
	BitString
	OctetString
	// CharacterString is any restricted character string; Bits says how wide a
	// character is in this encoding.
	CharacterString
	Null
	Sequence
	SequenceOf
	Choice
	// OpenType is an open type whose content no schema describes.
	OpenType
)

// TypeID is the index of a type in its schema.
type TypeID int32

// NoType stands for the absence of a type.
const NoType TypeID = -1

// Schema is a set of linked types.
type Schema struct {
	// Release says what the schema was compiled from: "TS 36.331 V17.1.0".
	Release string
	// Types are the types, by TypeID.
	Types []Type
	// Roots are the messages that can be decoded, by the name of their type.
	Roots map[string]TypeID

	// plans is what decoders work from, made by the first NewDecoder and guarded by
	// plansMu.
	plans *plans
}

// Type is one type.
type Type struct {
	Kind Kind
	// Name is the type's reference in its module; empty for a type written in place.
	Name string
	// Extensible is set by the extension marker "..." of an ENUMERATED, SEQUENCE or
	// CHOICE, or of an effective value or size constraint.
	Extensible bool
	// Min and Max bound the value of an INTEGER and the size (bits, octets, characters or
	// elements) of strings and SEQUENCE OF, where HasMin and HasMax are set. A size has
	// HasMin always.
	Min, Max       int64
	HasMin, HasMax bool
	// Bits is the width of a CharacterString's character: 7 for most, 8 for UTF8String
	// and the like (X.691 §30).
	Bits uint8
	// Root are the components of a SEQUENCE, those behind a second extension marker
	// included, or the root alternatives of a CHOICE, in encoding order.
	Root []Component
	// Additions are the extension additions of a SEQUENCE or CHOICE in order.
	Additions []Addition
	// Names are the root values of an ENUMERATED in encoding order, MoreNames those
	// behind the extension marker.
	Names, MoreNames []string
	// Element is the type of a SEQUENCE OF's elements, else NoType.
	Element TypeID
	// Contains is the type that a BIT STRING or OCTET STRING is declared to hold
	// (CONTAINING), else NoType.
	Contains TypeID
}

// Component is a component of a SEQUENCE or an alternative of a CHOICE.
type Component struct {
	Name string
	Type TypeID
	// Optional is set for OPTIONAL and DEFAULT: a bit says whether it is there.
	Optional bool
}

// Addition is one extension addition: a single component or, with Group, the components
// between [[ and ]], which are encoded like a SEQUENCE of their own.
type Addition struct {
	Group      bool
	Components []Component
}
