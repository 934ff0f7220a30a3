package uper

import (
	"strings"
	"testing"
)

// kit collects the types of a test's schema.
type kit struct{ Schema }

func (k *kit) add(t Type) TypeID {
	k.Types = append(k.Types, t)
	return TypeID(len(k.Types) - 1)
}

// root makes t a message.
func (k *kit) root(name string, t Type) TypeID {
	if k.Roots == nil {
		k.Roots = map[string]TypeID{}
	}
	t.Name = name
	k.Roots[name] = k.add(t)
	return k.Roots[name]
}

func number(lo, hi int64) Type {
	return Type{Kind: Integer, Min: lo, Max: hi, HasMin: true, HasMax: true, Element: NoType, Contains: NoType}
}

// sized is a string; hi < 0 leaves the size without upper bound.
func sized(kind Kind, lo, hi int64) Type {
	t := Type{Kind: kind, Min: lo, HasMin: true, Element: NoType, Contains: NoType}
	if hi >= 0 {
		t.Max, t.HasMax = hi, true
	}
	return t
}

func (k *kit) of(element Type, lo, hi int64) Type {
	t := sized(SequenceOf, lo, hi)
	t.Element = k.add(element)
	return t
}

func plain(kind Kind) Type { return Type{Kind: kind, Element: NoType, Contains: NoType} }

func enum(names string) Type {
	t := plain(Enumerated)
	root, more, ext := strings.Cut(names, " ...")
	t.Names, t.MoreNames, t.Extensible = strings.Fields(root), strings.Fields(more), ext
	return t
}

func extend(t Type) Type { t.Extensible = true; return t }

func containing(t Type, id TypeID) Type { t.Contains = id; return t }

// field is a component; a name that ends in ? is optional.
func (k *kit) field(name string, t Type) Component { return k.ref(name, k.add(t)) }

func (k *kit) ref(name string, id TypeID) Component {
	name, optional := strings.CutSuffix(name, "?")
	return Component{Name: name, Type: id, Optional: optional}
}

func seq(root ...Component) Type {
	t := plain(Sequence)
	t.Root = root
	return t
}

func choice(root ...Component) Type {
	t := plain(Choice)
	t.Root = root
	return t
}

// more adds extension additions: a single component is one of its own, several are a
// group.
func more(t Type, additions ...[]Component) Type {
	t.Extensible = true
	for _, a := range additions {
		t.Additions = append(t.Additions, Addition{Group: len(a) > 1, Components: a})
	}
	return t
}

func group(c ...Component) []Component { return c }

// octets reads bits, spaces at field borders, and fills the last octet with zeros.
func octets(t testing.TB, text string) []byte {
	t.Helper()
	var w writer
	for _, c := range strings.ReplaceAll(text, " ", "") {
		if c != '0' && c != '1' {
			t.Fatalf("%q in bits", c)
		}
		w.put(uint64(c-'0'), 1)
	}
	return w.b
}

// sib1Schema is an extract of EUTRA-RRC-Definitions (TS 36.331 §6.2) around
// SystemInformationBlockType1.
func sib1Schema() *Schema {
	k := &kit{}
	k.Release = "extract of TS 36.331"
	digit := k.add(number(0, 9))
	mcc := sized(SequenceOf, 3, 3)
	mcc.Element = digit
	mnc := sized(SequenceOf, 2, 3)
	mnc.Element = digit
	plmn := k.add(seq(k.field("mcc?", mcc), k.field("mnc", mnc)))
	reserved := k.add(enum("reserved notReserved"))
	plmnInfo := seq(k.ref("plmn-Identity", plmn), k.ref("cellReservedForOperatorUse", reserved))
	access := seq(
		k.field("plmn-IdentityList", k.of(plmnInfo, 1, 6)),
		k.field("trackingAreaCode", sized(BitString, 16, 16)),
		k.field("cellIdentity", sized(BitString, 28, 28)),
		k.field("cellBarred", enum("barred notBarred")),
		k.field("intraFreqReselection", enum("allowed notAllowed")),
		k.field("csg-Indication", plain(Boolean)),
		k.field("csg-Identity?", sized(BitString, 27, 27)))
	selection := seq(k.field("q-RxLevMin", number(-70, -22)), k.field("q-RxLevMinOffset?", number(1, 8)))
	mapping := k.of(enum("sibType3 sibType4 sibType5 sibType6 sibType7 sibType8 sibType9 sibType10 sibType11 "+
		"sibType12-v920 sibType13-v920 sibType14-v1130 sibType15-v1130 sibType16-v1130 sibType17-v1250 sibType18-v1250 "+
		"... sibType19-v1250 sibType20-v1310"), 0, 31)
	scheduling := k.of(seq(
		k.field("si-Periodicity", enum("rf8 rf16 rf32 rf64 rf128 rf256 rf512")),
		k.field("sib-MappingInfo", mapping)), 1, 32)
	tdd := seq(
		k.field("subframeAssignment", enum("sa0 sa1 sa2 sa3 sa4 sa5 sa6")),
		k.field("specialSubframePatterns", enum("ssp0 ssp1 ssp2 ssp3 ssp4 ssp5 ssp6 ssp7 ssp8")))
	v920 := seq(
		k.field("ims-EmergencySupport-r9?", enum("true")),
		k.field("cellSelectionInfo-v920?", seq(k.field("q-QualMin-r9", number(-34, -3)), k.field("q-QualMinOffset-r9?", number(1, 8)))),
		k.field("nonCriticalExtension?", seq()))
	v890 := seq(k.field("lateNonCriticalExtension?", sized(OctetString, 0, -1)), k.field("nonCriticalExtension?", v920))
	sib1 := seq(
		k.field("cellAccessRelatedInfo", access),
		k.field("cellSelectionInfo", selection),
		k.field("p-Max?", number(-30, 33)),
		k.field("freqBandIndicator", number(1, 64)),
		k.field("schedulingInfoList", scheduling),
		k.field("tdd-Config?", tdd),
		k.field("si-WindowLength", enum("ms1 ms2 ms5 ms10 ms15 ms20 ms40")),
		k.field("systemInfoValueTag", number(0, 31)),
		k.field("nonCriticalExtension?", v890))
	sib1.Name = "SystemInformationBlockType1"
	c1 := choice(k.field("systemInformation", seq()), k.field("systemInformationBlockType1", sib1))
	k.root("BCCH-DL-SCH-Message", seq(k.field("message",
		choice(k.field("c1", c1), k.field("messageClassExtension", seq())))))
	return &k.Schema
}

// sib1Text is a SystemInformationBlockType1 of the test network 001-01.
const sib1Text = `{"message":{"c1":{"systemInformationBlockType1":{` +
	`"cellAccessRelatedInfo":{"plmn-IdentityList":[` +
	`{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse":"notReserved"},` +
	`{"plmn-Identity":{"mnc":[0,0,2]},"cellReservedForOperatorUse":"reserved"}],` +
	`"trackingAreaCode":"0000000100100011","cellIdentity":"0000000000011010001000000001",` +
	`"cellBarred":"notBarred","intraFreqReselection":"allowed","csg-Indication":false},` +
	`"cellSelectionInfo":{"q-RxLevMin":-64,"q-RxLevMinOffset":2},"p-Max":23,"freqBandIndicator":7,` +
	`"schedulingInfoList":[{"si-Periodicity":"rf8","sib-MappingInfo":["sibType3"]},` +
	`{"si-Periodicity":"rf16","sib-MappingInfo":[]},` +
	`{"si-Periodicity":"rf64","sib-MappingInfo":["sibType4","sibType5","sibType6"]},` +
	`{"si-Periodicity":"rf512","sib-MappingInfo":["sibType19-v1250","sibType13-v920"]}],` +
	`"tdd-Config":{"subframeAssignment":"sa2","specialSubframePatterns":"ssp7"},` +
	`"si-WindowLength":"ms20","systemInfoValueTag":9,` +
	`"nonCriticalExtension":{"lateNonCriticalExtension":"0123456789","nonCriticalExtension":` +
	`{"ims-EmergencySupport-r9":"true","cellSelectionInfo-v920":{"q-QualMin-r9":-20}}}}}}}`
