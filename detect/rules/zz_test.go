package rules
import ("testing";"fmt";"github.com/fbsdetect/fbsdetect/detect/event";"github.com/fbsdetect/fbsdetect/detect/engine";"github.com/fbsdetect/fbsdetect/detect/cell";"github.com/fbsdetect/fbsdetect/detect/observe";"github.com/fbsdetect/fbsdetect/detect/rule";"github.com/fbsdetect/fbsdetect/gsmtap";"github.com/fbsdetect/fbsdetect/gsmtap/capture";"os")
type dbg struct{}
func (dbg) Observe(e *event.Event) []rule.Evidence { s:=e.Body.(*event.Session); fmt.Println("SESSION",e.Ref,e.Basis,s.Identity.Type, s.Continued,s.Hidden,s.Released,s.UplinkSeen,s.DownlinkSeen); for _,st:=range s.Steps{ fmt.Printf("  f%d a%d ul=%v AS=%v id=%v cause=%d prot=%d prev=%v ks=%d alg=%s/%s sec=%g\n",st.Ref.Frame,st.Action,st.Uplink,st.AS,st.Identity,st.Cause,st.Protection,st.PreviousPLMN,st.KeySet,st.Algorithm,st.IntegrityAlgorithm,st.Seconds)}; return nil}
func TestZZ(t *testing.T){
 tr:=cell.NewTracker(); r:=&rule.Rule{ID:"x",RATs:lte,Needs:[]event.Kind{event.KindSession},New:func(rule.Values)rule.Observer{return dbg{}}}
 e:=engine.New(tr,[]*rule.Rule{r},nil); o:=observe.New(tr,e,0); d:=gsmtap.NewDecoder()
 f,err:=os.Open(os.Getenv("ZZ")); if err!=nil{t.Fatal(err)}
 _=capture.Payload{}
 run(t,f,d,o)
 o.Close(); e.Finish()
}
