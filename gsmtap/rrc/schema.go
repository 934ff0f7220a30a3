package rrc

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the compiled schemas
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

//go:generate go run ./generate -o .

// RAT is a radio access technology with an RRC of its own.
type RAT uint8

// Radio access technologies. NB-IoT is part of LTE.
const (
	LTE RAT = iota
	NR
	UMTS

	rats // how many there are
)

var ratNames = [rats]string{"lte", "nr", "umts"}

// String returns the name as reports write it: lte, nr or umts.
func (r RAT) String() string {
	if r < rats {
		return ratNames[r]
	}
	return "unknown"
}

var (
	//go:embed lte.schema
	lteSchema []byte
	//go:embed nr.schema
	nrSchema []byte
	//go:embed umts.schema
	umtsSchema []byte
)

var schemas = [rats]func() *uper.Schema{
	LTE:  sync.OnceValue(func() *uper.Schema { return embedded(lteSchema) }),
	NR:   sync.OnceValue(func() *uper.Schema { return embedded(nrSchema) }),
	UMTS: sync.OnceValue(func() *uper.Schema { return embedded(umtsSchema) }),
}

// Schema returns the embedded schema of r, which must not be changed: release 17 of TS
// 36.331, 38.331 and 25.331, as its Release says. The first call for a RAT unpacks it.
// It is nil for what is no RAT.
func Schema(r RAT) *uper.Schema {
	if r >= rats {
		return nil
	}
	return schemas[r]()
}

// embedded unpacks a schema that the tests have seen to be valid.
func embedded(b []byte) *uper.Schema {
	s, err := Unpack(b)
	if err != nil {
		panic(err)
	}
	return s
}

// maxUnpacked is the longest schema in octets that is unpacked; those of release 17
// have less than half a million.
const maxUnpacked = 4 << 20

// Pack returns the file form of a schema, as the embedded ones have it: gzip of
// uper.Schema.AppendBinary. The same schema gives the same octets.
func Pack(s *uper.Schema) ([]byte, error) {
	raw, err := s.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Unpack reads what Pack wrote. No input panics, and what is unpacked is bounded.
func Unpack(b []byte) (*uper.Schema, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("unpack schema: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if err != nil {
		return nil, fmt.Errorf("unpack schema: %w", err)
	}
	if len(raw) > maxUnpacked {
		return nil, fmt.Errorf("unpack schema: longer than %d octets", maxUnpacked)
	}
	return uper.Load(raw)
}

// containers are the types that messages carry in strings of octets without saying so
// in their ASN.1, and those that messages of other protocols carry.
var containers = [rats]string{
	LTE: `UE-EUTRA-Capability UE-Capability-NB-r13 UE-RadioPagingInfo-r12 UE-RadioPagingInfo-NB-r13
		HandoverCommand HandoverPreparationInformation SystemInformationBlockType1
		RRCConnectionReconfiguration RRCConnectionReconfigurationComplete`,
	NR: `UE-NR-Capability UE-MRDC-Capability UE-CapabilityRAT-ContainerList
		UE-CapabilityRequestFilterNR UE-CapabilityRequestFilterCommon FreqBandList MeasResultSCG-Failure
		HandoverCommand HandoverPreparationInformation CG-Config CG-ConfigInfo
		CellGroupConfig RadioBearerConfig RRCReconfiguration RRCReconfigurationComplete
		MIB SIB1 SIB2 SIB3 SIB4 SIB5 SIB6 SIB7 SIB8 SIB9 SIB10-r16 SIB11-r16 SIB12-IEs-r16 SIB13-r16 SIB14-r16
		SIB15-r17 SIB16-r17 SIB17-IEs-r17 SIB18-r17 SIB19-r17 SIB20-r17 SIB21-r17`,
	UMTS: `UE-CapabilityContainer-IEs`,
}

// Roots returns the names of the types that a schema for r should be compiled for:
// those of all channels, and those that Decoder.Contained is for. Types that a release
// does not have are left out by asn1.Compile: each name ends in "?".
func Roots(r RAT) []string {
	if r >= rats {
		return nil
	}
	names := strings.Fields(containers[r])
	for _, c := range info {
		if c.rat == r && c.pdu != "" {
			names = append(names, c.pdu)
		}
	}
	for i := range names {
		names[i] += "?"
	}
	return names
}
