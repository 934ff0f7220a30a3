package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/ident"

// CipherAlgorithm is the algorithm identifier of a Cipher Mode Setting (TS 44.018
// §10.5.2.9): 0 = A5/1 to 6 = A5/7, 7 reserved.
type CipherAlgorithm uint8

// Algorithms.
const (
	A51 CipherAlgorithm = 0
	A52 CipherAlgorithm = 1
	A53 CipherAlgorithm = 2
	A54 CipherAlgorithm = 3
	A55 CipherAlgorithm = 4
	A56 CipherAlgorithm = 5
	A57 CipherAlgorithm = 6
)

// String names the algorithm, "A5/1" to "A5/7" or "reserved".
func (a CipherAlgorithm) String() string {
	names := [...]string{"A5/1", "A5/2", "A5/3", "A5/4", "A5/5", "A5/6", "A5/7"}
	if int(a) < len(names) {
		return names[a]
	}
	return "reserved"
}

// MarshalText writes the algorithm's name.
func (a CipherAlgorithm) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// CipherModeSetting is the Cipher Mode Setting (TS 44.018 §10.5.2.9).
type CipherModeSetting struct {
	// Start is the bit SC: ciphering is started. If not, there is none, and Algorithm
	// does not count.
	Start bool
	// Algorithm is the algorithm identifier.
	Algorithm CipherAlgorithm
}

// String names what is in use, "A5/0" if ciphering is not started.
func (c CipherModeSetting) String() string {
	if !c.Start {
		return "A5/0"
	}
	return c.Algorithm.String()
}

func cipherModeSetting(v uint8) CipherModeSetting {
	return CipherModeSetting{Start: v&1 != 0, Algorithm: CipherAlgorithm(v >> 1 & 7)}
}

// CipheringModeCommand turns ciphering on, or says that there is none (TS 44.018
// §9.1.9).
type CipheringModeCommand struct {
	// Setting is the Cipher Mode Setting.
	Setting CipherModeSetting
	// IMEISVRequested is the bit CR of the Cipher Response (§10.5.2.10): the phone
	// shall tell its IMEISV in the answer.
	IMEISVRequested bool
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Ciphering Mode Command".
func (*CipheringModeCommand) Name() string { return "Ciphering Mode Command" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *CipheringModeCommand) Decode(b []byte) error {
	*m = CipheringModeCommand{}
	r, err := begin(b, typeCipheringModeCommand)
	if err != nil {
		return err
	}
	v := r.U8("Cipher Mode Setting")
	m.Setting = cipherModeSetting(v)
	m.IMEISVRequested = v&0x10 != 0
	m.Unknown.skip(&r)
	return r.Err()
}

// CipheringModeComplete is the first ciphered message of the phone (TS 44.018
// §9.1.10).
type CipheringModeComplete struct {
	// EquipmentPresent: Equipment is present.
	EquipmentPresent bool
	// Equipment is the Mobile Equipment Identity, the IMEISV.
	Equipment ident.MobileIdentity
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Ciphering Mode Complete".
func (*CipheringModeComplete) Name() string { return "Ciphering Mode Complete" }

func cipheringCompleteElements(iei uint8) (string, int) {
	if iei == 0x17 {
		return "Mobile Equipment Identity", tlv
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *CipheringModeComplete) Decode(b []byte) error {
	*m = CipheringModeComplete{}
	r, err := begin(b, typeCipheringModeComplete)
	if err != nil {
		return err
	}
	for {
		e, ok := nextElement(&r, cipheringCompleteElements)
		if !ok {
			break
		}
		if e.iei == 0x17 && !m.EquipmentPresent {
			m.Equipment, m.EquipmentPresent = mobileIdentity(&r, e.value, e.off), true
		} else {
			m.Unknown.add(e)
		}
	}
	return r.Err()
}
