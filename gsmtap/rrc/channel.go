package rrc

// Channel is a message class of RRC: a logical channel, on which GSMTAP carries
// messages of one root type, or in UMTS also a message that GSMTAP carries by itself.
type Channel uint8

// Message classes of LTE (TS 36.331 §6.2.1, §6.7.1 for NB-IoT, §6.5.1 for sidelink).
const (
	UnknownChannel Channel = iota
	DLCCCH
	DLDCCH
	ULCCCH
	ULDCCH
	BCCHBCH
	BCCHDLSCH
	PCCH
	MCCH
	BCCHBCHMBMS
	BCCHDLSCHBR
	BCCHDLSCHMBMS
	SCMCCH
	SBCCHSLBCH
	SBCCHSLBCHV2X
	DLCCCHNB
	DLDCCHNB
	ULCCCHNB
	ULDCCHNB
	BCCHBCHNB
	BCCHBCHTDDNB
	BCCHDLSCHNB
	PCCHNB
	SCMCCHNB

	// Message classes of NR (TS 38.331 §6.2.1, §6.6.1 for sidelink).
	NRBCCHBCH
	NRBCCHDLSCH
	NRDLCCCH
	NRDLDCCH
	NRMCCH
	NRPCCH
	NRULCCCH
	NRULCCCH1
	NRULDCCH
	NRSBCCHSLBCH
	NRSCCH

	// Message classes of UMTS (TS 25.331 §11.1).
	UMTSDLDCCH
	UMTSULDCCH
	UMTSDLCCCH
	UMTSULCCCH
	UMTSPCCH
	UMTSDLSHCCH
	UMTSULSHCCH
	UMTSBCCHFACH
	UMTSBCCHBCH
	UMTSBCCHBCH2
	UMTSMCCH
	UMTSMSCH

	// Single messages of UMTS and its system information blocks (TS 25.331 §11.2, §11.3).
	UMTSHandoverToUTRANCommand
	UMTSInterRATHandoverInfo
	UMTSSystemInformationBCH
	UMTSSystemInformationContainer
	UMTSUERadioAccessCapabilityInfo
	UMTSMasterInformationBlock
	UMTSSysInfoType1
	UMTSSysInfoType2
	UMTSSysInfoType3
	UMTSSysInfoType4
	UMTSSysInfoType5
	UMTSSysInfoType5bis
	UMTSSysInfoType6
	UMTSSysInfoType7
	UMTSSysInfoType8
	UMTSSysInfoType9
	UMTSSysInfoType10
	UMTSSysInfoType11
	UMTSSysInfoType11bis
	UMTSSysInfoType11ter
	UMTSSysInfoType12
	UMTSSysInfoType13
	UMTSSysInfoType13x1
	UMTSSysInfoType13x2
	UMTSSysInfoType13x3
	UMTSSysInfoType13x4
	UMTSSysInfoType14
	UMTSSysInfoType15
	UMTSSysInfoType15bis
	UMTSSysInfoType15x1
	UMTSSysInfoType15x1bis
	UMTSSysInfoType15x1ter
	UMTSSysInfoType15x2
	UMTSSysInfoType15x2bis
	UMTSSysInfoType15x2ter
	UMTSSysInfoType15x3
	UMTSSysInfoType15x3bis
	UMTSSysInfoType15x4
	UMTSSysInfoType15x5
	UMTSSysInfoType15x6
	UMTSSysInfoType15x7
	UMTSSysInfoType15x8
	UMTSSysInfoType16
	UMTSSysInfoType17
	UMTSSysInfoType18
	UMTSSysInfoType19
	UMTSSysInfoType20
	UMTSSysInfoType21
	UMTSSysInfoType22
	UMTSSysInfoType23
	UMTSSysInfoType24
	UMTSSysInfoType25
	UMTSSysInfoTypeSB1
	UMTSSysInfoTypeSB2
	UMTSSysInfoTypeSB3
	UMTSToTargetRNCContainer
	UMTSTargetRNCToSourceRNCContainer

	channels // how many there are
)

// info is what the functions of Channel look up.
var info = [channels]struct {
	rat  RAT
	name string // as GSMTAP's specification and Wireshark write it
	pdu  string // root type
	body string // name of the message, where its type has another one
}{
	DLCCCH:                            {LTE, "DL-CCCH", "DL-CCCH-Message", ""},
	DLDCCH:                            {LTE, "DL-DCCH", "DL-DCCH-Message", ""},
	ULCCCH:                            {LTE, "UL-CCCH", "UL-CCCH-Message", ""},
	ULDCCH:                            {LTE, "UL-DCCH", "UL-DCCH-Message", ""},
	BCCHBCH:                           {LTE, "BCCH-BCH", "BCCH-BCH-Message", "MasterInformationBlock"},
	BCCHDLSCH:                         {LTE, "BCCH-DL-SCH", "BCCH-DL-SCH-Message", ""},
	PCCH:                              {LTE, "PCCH", "PCCH-Message", ""},
	MCCH:                              {LTE, "MCCH", "MCCH-Message", ""},
	BCCHBCHMBMS:                       {LTE, "BCCH-BCH-MBMS", "BCCH-BCH-Message-MBMS", "MasterInformationBlock-MBMS-r14"},
	BCCHDLSCHBR:                       {LTE, "BCCH-DL-SCH-BR", "BCCH-DL-SCH-Message-BR", ""},
	BCCHDLSCHMBMS:                     {LTE, "BCCH-DL-SCH-MBMS", "BCCH-DL-SCH-Message-MBMS", ""},
	SCMCCH:                            {LTE, "SC-MCCH", "SC-MCCH-Message-r13", ""},
	SBCCHSLBCH:                        {LTE, "SBCCH-SL-BCH", "SBCCH-SL-BCH-Message", "MasterInformationBlock-SL"},
	SBCCHSLBCHV2X:                     {LTE, "SBCCH-SL-BCH-V2X", "SBCCH-SL-BCH-Message-V2X-r14", "MasterInformationBlock-SL-V2X-r14"},
	DLCCCHNB:                          {LTE, "DL-CCCH-NB", "DL-CCCH-Message-NB", ""},
	DLDCCHNB:                          {LTE, "DL-DCCH-NB", "DL-DCCH-Message-NB", ""},
	ULCCCHNB:                          {LTE, "UL-CCCH-NB", "UL-CCCH-Message-NB", ""},
	ULDCCHNB:                          {LTE, "UL-DCCH-NB", "UL-DCCH-Message-NB", ""},
	BCCHBCHNB:                         {LTE, "BCCH-BCH-NB", "BCCH-BCH-Message-NB", "MasterInformationBlock-NB"},
	BCCHBCHTDDNB:                      {LTE, "BCCH-BCH-TDD-NB", "BCCH-BCH-Message-TDD-NB", "MasterInformationBlock-TDD-NB-r15"},
	BCCHDLSCHNB:                       {LTE, "BCCH-DL-SCH-NB", "BCCH-DL-SCH-Message-NB", ""},
	PCCHNB:                            {LTE, "PCCH-NB", "PCCH-Message-NB", ""},
	SCMCCHNB:                          {LTE, "SC-MCCH-NB", "SC-MCCH-Message-NB", ""},
	NRBCCHBCH:                         {NR, "BCCH-BCH", "BCCH-BCH-Message", ""},
	NRBCCHDLSCH:                       {NR, "BCCH-DL-SCH", "BCCH-DL-SCH-Message", ""},
	NRDLCCCH:                          {NR, "DL-CCCH", "DL-CCCH-Message", ""},
	NRDLDCCH:                          {NR, "DL-DCCH", "DL-DCCH-Message", ""},
	NRMCCH:                            {NR, "MCCH", "MCCH-Message-r17", ""},
	NRPCCH:                            {NR, "PCCH", "PCCH-Message", ""},
	NRULCCCH:                          {NR, "UL-CCCH", "UL-CCCH-Message", ""},
	NRULCCCH1:                         {NR, "UL-CCCH1", "UL-CCCH1-Message", ""},
	NRULDCCH:                          {NR, "UL-DCCH", "UL-DCCH-Message", ""},
	NRSBCCHSLBCH:                      {NR, "SBCCH-SL-BCH", "SBCCH-SL-BCH-Message", ""},
	NRSCCH:                            {NR, "SCCH", "SCCH-Message", ""},
	UMTSDLDCCH:                        {UMTS, "DL-DCCH", "DL-DCCH-Message", ""},
	UMTSULDCCH:                        {UMTS, "UL-DCCH", "UL-DCCH-Message", ""},
	UMTSDLCCCH:                        {UMTS, "DL-CCCH", "DL-CCCH-Message", ""},
	UMTSULCCCH:                        {UMTS, "UL-CCCH", "UL-CCCH-Message", ""},
	UMTSPCCH:                          {UMTS, "PCCH", "PCCH-Message", ""},
	UMTSDLSHCCH:                       {UMTS, "DL-SHCCH", "DL-SHCCH-Message", ""},
	UMTSULSHCCH:                       {UMTS, "UL-SHCCH", "UL-SHCCH-Message", ""},
	UMTSBCCHFACH:                      {UMTS, "BCCH-FACH", "BCCH-FACH-Message", ""},
	UMTSBCCHBCH:                       {UMTS, "BCCH-BCH", "BCCH-BCH-Message", ""},
	UMTSBCCHBCH2:                      {UMTS, "BCCH-BCH2", "BCCH-BCH2-Message", ""},
	UMTSMCCH:                          {UMTS, "MCCH", "MCCH-Message", ""},
	UMTSMSCH:                          {UMTS, "MSCH", "MSCH-Message", ""},
	UMTSHandoverToUTRANCommand:        {UMTS, "HandoverToUTRANCommand", "HandoverToUTRANCommand", ""},
	UMTSInterRATHandoverInfo:          {UMTS, "InterRATHandoverInfo", "InterRATHandoverInfo", ""},
	UMTSSystemInformationBCH:          {UMTS, "SystemInformation-BCH", "SystemInformation-BCH", ""},
	UMTSSystemInformationContainer:    {UMTS, "System-Information-Container", "System-Information-Container", ""},
	UMTSUERadioAccessCapabilityInfo:   {UMTS, "UE-RadioAccessCapabilityInfo", "UE-RadioAccessCapabilityInfo", ""},
	UMTSMasterInformationBlock:        {UMTS, "MasterInformationBlock", "MasterInformationBlock", ""},
	UMTSSysInfoType1:                  {UMTS, "SysInfoType1", "SysInfoType1", ""},
	UMTSSysInfoType2:                  {UMTS, "SysInfoType2", "SysInfoType2", ""},
	UMTSSysInfoType3:                  {UMTS, "SysInfoType3", "SysInfoType3", ""},
	UMTSSysInfoType4:                  {UMTS, "SysInfoType4", "SysInfoType4", ""},
	UMTSSysInfoType5:                  {UMTS, "SysInfoType5", "SysInfoType5", ""},
	UMTSSysInfoType5bis:               {UMTS, "SysInfoType5bis", "SysInfoType5bis", ""},
	UMTSSysInfoType6:                  {UMTS, "SysInfoType6", "SysInfoType6", ""},
	UMTSSysInfoType7:                  {UMTS, "SysInfoType7", "SysInfoType7", ""},
	UMTSSysInfoType8:                  {UMTS, "SysInfoType8", "SysInfoType8", ""},
	UMTSSysInfoType9:                  {UMTS, "SysInfoType9", "SysInfoType9", ""},
	UMTSSysInfoType10:                 {UMTS, "SysInfoType10", "SysInfoType10", ""},
	UMTSSysInfoType11:                 {UMTS, "SysInfoType11", "SysInfoType11", ""},
	UMTSSysInfoType11bis:              {UMTS, "SysInfoType11bis", "SysInfoType11bis", ""},
	UMTSSysInfoType11ter:              {UMTS, "SysInfoType11ter", "SysInfoType11ter", ""},
	UMTSSysInfoType12:                 {UMTS, "SysInfoType12", "SysInfoType12", ""},
	UMTSSysInfoType13:                 {UMTS, "SysInfoType13", "SysInfoType13", ""},
	UMTSSysInfoType13x1:               {UMTS, "SysInfoType13-1", "SysInfoType13-1", ""},
	UMTSSysInfoType13x2:               {UMTS, "SysInfoType13-2", "SysInfoType13-2", ""},
	UMTSSysInfoType13x3:               {UMTS, "SysInfoType13-3", "SysInfoType13-3", ""},
	UMTSSysInfoType13x4:               {UMTS, "SysInfoType13-4", "SysInfoType13-4", ""},
	UMTSSysInfoType14:                 {UMTS, "SysInfoType14", "SysInfoType14", ""},
	UMTSSysInfoType15:                 {UMTS, "SysInfoType15", "SysInfoType15", ""},
	UMTSSysInfoType15bis:              {UMTS, "SysInfoType15bis", "SysInfoType15bis", ""},
	UMTSSysInfoType15x1:               {UMTS, "SysInfoType15-1", "SysInfoType15-1", ""},
	UMTSSysInfoType15x1bis:            {UMTS, "SysInfoType15-1bis", "SysInfoType15-1bis", ""},
	UMTSSysInfoType15x1ter:            {UMTS, "SysInfoType15-1ter", "SysInfoType15-1ter", ""},
	UMTSSysInfoType15x2:               {UMTS, "SysInfoType15-2", "SysInfoType15-2", ""},
	UMTSSysInfoType15x2bis:            {UMTS, "SysInfoType15-2bis", "SysInfoType15-2bis", ""},
	UMTSSysInfoType15x2ter:            {UMTS, "SysInfoType15-2ter", "SysInfoType15-2ter", ""},
	UMTSSysInfoType15x3:               {UMTS, "SysInfoType15-3", "SysInfoType15-3", ""},
	UMTSSysInfoType15x3bis:            {UMTS, "SysInfoType15-3bis", "SysInfoType15-3bis", ""},
	UMTSSysInfoType15x4:               {UMTS, "SysInfoType15-4", "SysInfoType15-4", ""},
	UMTSSysInfoType15x5:               {UMTS, "SysInfoType15-5", "SysInfoType15-5", ""},
	UMTSSysInfoType15x6:               {UMTS, "SysInfoType15-6", "SysInfoType15-6", ""},
	UMTSSysInfoType15x7:               {UMTS, "SysInfoType15-7", "SysInfoType15-7", ""},
	UMTSSysInfoType15x8:               {UMTS, "SysInfoType15-8", "SysInfoType15-8", ""},
	UMTSSysInfoType16:                 {UMTS, "SysInfoType16", "SysInfoType16", ""},
	UMTSSysInfoType17:                 {UMTS, "SysInfoType17", "SysInfoType17", ""},
	UMTSSysInfoType18:                 {UMTS, "SysInfoType18", "SysInfoType18", ""},
	UMTSSysInfoType19:                 {UMTS, "SysInfoType19", "SysInfoType19", ""},
	UMTSSysInfoType20:                 {UMTS, "SysInfoType20", "SysInfoType20", ""},
	UMTSSysInfoType21:                 {UMTS, "SysInfoType21", "SysInfoType21", ""},
	UMTSSysInfoType22:                 {UMTS, "SysInfoType22", "SysInfoType22", ""},
	UMTSSysInfoType23:                 {UMTS, "SysInfoType23", "SysInfoType23", ""},
	UMTSSysInfoType24:                 {UMTS, "SysInfoType24", "SysInfoType24", ""},
	UMTSSysInfoType25:                 {UMTS, "SysInfoType25", "SysInfoType25", ""},
	UMTSSysInfoTypeSB1:                {UMTS, "SysInfoTypeSB1", "SysInfoTypeSB1", ""},
	UMTSSysInfoTypeSB2:                {UMTS, "SysInfoTypeSB2", "SysInfoTypeSB2", ""},
	UMTSSysInfoTypeSB3:                {UMTS, "SysInfoTypeSB3", "SysInfoTypeSB3", ""},
	UMTSToTargetRNCContainer:          {UMTS, "ToTargetRNC-Container", "ToTargetRNC-Container", ""},
	UMTSTargetRNCToSourceRNCContainer: {UMTS, "TargetRNC-ToSourceRNC-Container", "TargetRNC-ToSourceRNC-Container", ""},
}

// String returns the name of the class, without its RAT: "BCCH-DL-SCH",
// "SysInfoType1"; "unknown" for what is no Channel.
func (c Channel) String() string {
	if c == UnknownChannel || c >= channels {
		return "unknown"
	}
	return info[c].name
}

// RAT returns the radio access technology of the class; LTE for what is no Channel.
func (c Channel) RAT() RAT {
	if c >= channels {
		return LTE
	}
	return info[c].rat
}

// PDU returns the name of the type at the root of the class's messages:
// "BCCH-DL-SCH-Message"; "" for what is no Channel.
func (c Channel) PDU() string {
	if c >= channels {
		return ""
	}
	return info[c].pdu
}

// ParseChannel returns the class of rat that String calls name.
func ParseChannel(rat RAT, name string) (Channel, bool) {
	for c := UnknownChannel + 1; c < channels; c++ {
		if info[c].rat == rat && info[c].name == name {
			return c, true
		}
	}
	return UnknownChannel, false
}
