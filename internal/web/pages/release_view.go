package pages

import (
	"fmt"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// resultView is one attribute of the specification, its number split at the decimal mark so that a column aligns.
type resultView struct {
	Name, Method        string
	Whole, Fraction     string
	Text                string // of a result that is no number
	Unit, Limit         string
	State               state
	Why                 string
	Due                 string
	Allowed             bool // may be pending at stage 1
	Information, OnDemo bool
}

var resultStates = map[qc.Evaluation]state{
	qc.Pass: {Icon: "tick"}, qc.Fail: {Icon: "octagon", Tone: "stop"}, qc.Pending: {Icon: "clock"},
	qc.Invalid: {Icon: "triangle", Tone: "att"}, qc.Info: {Icon: "dash"},
}

// results are the judged attributes, in order of the specification.
func (v *visit) results(b *batch.Batch) []resultView {
	var out []resultView
	for _, r := range b.Results() {
		a := r.Attribute
		one := resultView{
			Name: mbr.Text(a.Name).In(v.lang), Method: mbr.Text(a.Method).In(v.lang), Unit: v.unit(a.Unit), State: resultStates[r.Evaluation],
			Allowed: a.MayBePending, Information: a.Information, OnDemo: a.Demo,
		}
		one.State.Word = v.word("result", string(r.Evaluation))
		if !a.Limit.IsZero() {
			one.Limit = strings.TrimSuffix(a.Limit.Format(v.lang), " "+a.Unit.Label())
		}
		f := namer{visit: v, batch: b}.fieldOf(a.Field, "")
		if len(a.Accept) > 0 && f != nil {
			names := make([]string, len(a.Accept))
			for i, code := range a.Accept {
				names[i] = v.shown(f, batch.Value{Text: code})
			}
			one.Limit = strings.Join(names, " · ")
		}
		switch {
		case r.Number != nil:
			one.Whole, one.Fraction = split(r.Number.FormatNumber(v.lang))
		case r.Reported != "" && f != nil:
			one.Text, one.Unit = v.shown(f, batch.Value{Text: r.Reported}), ""
		}
		if r.Evaluation == qc.Fail {
			one.Why = v.word("verdict", r.Why)
		}
		if r.Evaluation == qc.Pending && !r.Due.IsZero() {
			one.Due = day(r.Due.In(v.zone()))
		}
		out = append(out, one)
	}
	return out
}

// split parts a number before its decimal mark.
func split(number string) (whole, fraction string) {
	i := strings.IndexAny(number, ".,")
	if i < 0 {
		i = strings.Index(number, "×")
	}
	if i < 0 {
		return number, ""
	}
	return number[:i], number[i:]
}

// signatureView is a signature as it stands in the record, with everything that it has to show (CS-48).
type signatureView struct {
	Act, Name, Account, Role, Meaning string
	At, UTC                           string
	Standing                          bool // nothing has changed since
	Followed                          bool // by a later one of its kind, which stands: the initial certification by the final one
	Certificate                       string
}

var actOrder = []mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActQuality, mbr.ActCertification, mbr.ActSponsor}

// signatures are the signed acts of a batch, in order.
func (v *visit) signatures(b *batch.Batch) []signatureView {
	out := make([]signatureView, 0, len(b.Acts))
	for i, a := range b.Acts {
		newest, standing := b.Act(a.Act)
		s := a.Signature
		out = append(out, signatureView{
			Act: v.actName(a.Act, stageOf(a)), Name: s.Name, Account: s.Account, Role: v.word("role", s.Role), Meaning: v.word("meaning", slug(s.Meaning)),
			At: moment(s.At, v.zone()) + " (" + s.Offset + ")", UTC: momentUTC(s.At), Standing: standing && newest.Seq == b.Acts[i].Seq,
			Followed:    standing && newest.Seq != b.Acts[i].Seq,
			Certificate: certificateOf(a),
		})
	}
	return out
}

// actView is an act that waits for this person, with exactly what they would sign.
type actView struct {
	Act          string
	Name         string
	Role         string
	Meaning      string
	Declarations []choice
	Digest       string
	Short        string
	Record       string
	Refusals     []refusalLine
	Unmet        int // how many rules stand against it
	Path         string
}

// actName is the name of an act; of a certification with its stage.
func (v *visit) actName(act mbr.Act, stage int) string {
	switch {
	case act == mbr.ActCertification && stage == 1:
		return v.T("decision.initial-certification")
	case act == mbr.ActCertification && stage == 2:
		return v.T("decision.final-certification")
	}
	return v.word("act", string(act))
}

// acts are the acts that this person's roles sign, and that do not stand yet or are due once more.
func (v *visit) acts(b *batch.Batch) ([]actView, error) {
	var out []actView
	for _, act := range actOrder {
		role, meaning, _ := release.RoleOf(act)
		_, standing := b.Act(act)
		heads := act == mbr.ActProduction || act == mbr.ActQuality
		due := act == mbr.ActCertification && release.FinalDue(b)
		if !v.has(role) || standing && !due || heads && !v.plant().Profile.TwoHeads {
			continue
		}
		one, err := v.act(b, act, role, meaning)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (v *visit) act(b *batch.Batch, act mbr.Act, role people.Role, meaning people.Meaning) (actView, error) {
	shown := release.Show(b, act)
	digest, err := shown.Digest()
	if err != nil {
		return actView{}, err
	}
	who := release.Signer{Account: v.desk.Session.Account, Role: role}
	out := actView{
		Act: string(act), Name: v.actName(act, release.Stage(b)), Role: v.word("role", string(role)), Meaning: v.word("meaning", slug(string(meaning))),
		Digest: digest.String(), Short: digest.String()[:digestLetters], Record: b.Record.String()[:digestLetters],
		Path: "/batches/" + b.Number + "/acts/" + string(act),
	}
	against := v.refused(release.MaySign(b, act, who, v.plant().Profile, v.now()), b)
	out.Unmet, out.Refusals = len(against), v.grouped(against)
	for i, key := range shown.Declaration {
		out.Declarations = append(out.Declarations, choice{Code: fmt.Sprintf("declaration.%d", i), Name: v.T("declaration." + key)})
	}
	return out, nil
}
