package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// Limits of TS 36.331 §6.4.
const (
	maxRATCapabilities = 8
	maxBands           = 64
)

// UECapabilityEnquiry asks a phone for its capabilities (TS 36.331 §6.2.2).
type UECapabilityEnquiry struct {
	Envelope
	// RATs are the first Count of the array, by their names in RAT-Type: "eutra", "utra",
	// "geran-cs", "geran-ps", "cdma2000-1XRTT", "nr", "eutra-nr"; empty for one of a later
	// release.
	RATs  [maxRATCapabilities]string
	Count uint8
}

// Read sets m from a UECapabilityEnquiry.
func (m *UECapabilityEnquiry) Read(v uper.Value) {
	*m = UECapabilityEnquiry{}
	e := m.read(v)
	for r := e.Field("ue-CapabilityRequest").First(); r.Present() && int(m.Count) < len(m.RATs); r = r.Next() {
		m.RATs[m.Count] = r.Text()
		m.Count++
	}
	for e.Present() {
		e, m.Later = next(e)
	}
}

// Capability is the container of one technology's capabilities.
type Capability struct {
	// RAT is its name in RAT-Type, as in UECapabilityEnquiry.
	RAT string
	// Octets are the content, of "eutra" a UE-EUTRA-Capability.
	Octets []byte
}

// UECapabilityInformation tells a phone's capabilities (TS 36.331 §6.2.2).
type UECapabilityInformation struct {
	Envelope
	// Capabilities are the first Count of the array.
	Capabilities [maxRATCapabilities]Capability
	Count        uint8
}

// Read sets m from a UECapabilityInformation.
func (m *UECapabilityInformation) Read(v uper.Value) {
	*m = UECapabilityInformation{}
	e := m.read(v)
	for c := e.Field("ue-CapabilityRAT-ContainerList").First(); c.Present() && int(m.Count) < len(m.Capabilities); c = c.Next() {
		m.Capabilities[m.Count] = Capability{c.Field("rat-Type").Text(), c.Field("ueCapabilityRAT-Container").Octets()}
		m.Count++
	}
	for e.Present() {
		e, m.Later = next(e)
	}
}

// EUTRACapability is UE-EUTRA-Capability (TS 36.331 §6.3.6).
type EUTRACapability struct {
	// Release is accessStratumRelease, 8 to 17; 0 for a later one.
	Release uint8
	// Category is the highest ue-Category, 1 to 12. DownlinkCategory and UplinkCategory
	// are the highest ue-CategoryDL and ue-CategoryUL of r12 and later.
	Category                         uint8
	DownlinkCategory, UplinkCategory Optional[uint8]
	// Bands are the first BandCount of the array.
	Bands     [maxBands]uint16
	BandCount uint8
	// FeatureGroups is featureGroupIndicators, the first indicator most significant.
	FeatureGroups Optional[uint32]
	// NSA says that irat-ParametersNR-r15 is present: the phone knows NR.
	NSA bool
	// Later is set if the capabilities end in an extension of a later release.
	Later bool
}

// Read sets m from a UE-EUTRA-Capability.
func (m *EUTRACapability) Read(v uper.Value) {
	*m = EUTRACapability{}
	for v.Present() {
		for c := v.First(); c.Present(); c = c.Next() {
			m.component(c)
		}
		v, m.Later = next(v)
	}
}

func (m *EUTRACapability) component(c uper.Value) {
	switch base(c.Name()) {
	case "accessStratumRelease":
		m.Release = number[uint8](c)
	case "ue-Category":
		m.Category = max(m.Category, integer[uint8](c))
	case "ue-CategoryDL":
		category(c, &m.DownlinkCategory)
	case "ue-CategoryUL":
		category(c, &m.UplinkCategory)
	case "rf-Parameters":
		for b := c.Field("supportedBandListEUTRA").First(); b.Present() && int(m.BandCount) < len(m.Bands); b = b.Next() {
			m.Bands[m.BandCount] = integer[uint16](b.Field("bandEUTRA"))
			m.BandCount++
		}
	case "featureGroupIndicators":
		m.FeatureGroups = optionalBits[uint32](c)
	case "lateNonCriticalExtension":
		for e := c.Contained(); e.Present(); e, _ = next(e) {
			i := 0 // goes along supportedBandListEUTRA
			for b := e.Field("rf-Parameters-v9e0").Field("supportedBandListEUTRA-v9e0").First(); b.Present() && i < int(m.BandCount); b = b.Next() {
				if f := b.Field("bandEUTRA-v9e0"); f.Present() {
					m.Bands[i] = integer[uint16](f)
				}
				i++
			}
		}
	case "irat-ParametersNR":
		m.NSA = true
	}
}

// category keeps the highest of several numbers; those of machine type phones ("m1",
// "oneBis") are none.
func category(c uper.Value, to *Optional[uint8]) {
	n := Optional[uint8]{integer[uint8](c), true}
	if c.Kind() == uper.Enumerated {
		n = optionalNumber[uint8](c)
		if t := c.Text(); t == "" || t[0] != 'n' {
			return
		}
	}
	if n.Present && n.Value >= to.Value {
		*to = n
	}
}
