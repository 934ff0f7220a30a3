package capture_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

// A pcap with one frame of 3 octets, link type 148, of which the last octet was not
// captured.
const file = "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 94000000" +
	"00f15365 00000000 02000000 03000000 0741"

func Example() {
	r, err := capture.New(hex.NewDecoder(strings.NewReader(strings.ReplaceAll(file, " ", ""))))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	u, ledger := capture.NewUnwrapper(capture.Options{}), capture.NewLedger()
	for {
		f, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		p := u.Unwrap(f)
		fmt.Printf("frame %d on %s: %s %x\n", f.Number, f.LinkType, p.Kind, p.Data)
		if !ledger.CountFrame(f, p) {
			ledger.Count(capture.Partial, "") // what a decoder above would say
		}
	}
	ledger.Close(r.Stats())
	fmt.Println(ledger.Frames, "frame,", ledger.Partial, "partial,", ledger.Truncated, "truncated,", ledger.UnreadOctets, "octets unread")
	// Output:
	// frame 1 on USER1: NAS-EPS 0741
	// 1 frame, 1 partial, 1 truncated, 0 octets unread
}
