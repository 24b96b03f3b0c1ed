package pages

import (
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// Problem is one rule that stands against what a person wanted: which, what happened, what to do now.
type Problem struct {
	Rule, Code string
	What, Next string
	Stop       bool // the identity does not match
	Request    string
}

// status is the HTTP status of an error.
func status(err error) int { return desk.ProblemOf(err).Status }

// problems are all the rules in an error, in the person's language. b may be nil; with it, steps and fields are
// called by their names.
func (v *visit) problems(err error, b *batch.Batch) []Problem {
	out := v.problemsOf(v.site.deps.Problem(v.ctx(), err), b)
	for i := range out {
		out[i].Stop = isStop(err)
	}
	return out
}

// problemsOf are the rules of an answer that was made already.
func (v *visit) problemsOf(p *desk.Problem, b *batch.Batch) []Problem {
	n := namer{visit: v, batch: b}
	reasons := p.Problems
	if len(reasons) == 0 {
		reasons = []desk.Reason{{Rule: p.Rule, Code: p.Code, Detail: p.Detail, Next: p.Next, Args: p.Args}}
	}
	out := make([]Problem, 0, len(reasons))
	for _, r := range reasons {
		one := v.told(n, r)
		one.Request = p.Request
		out = append(out, one)
	}
	return out
}

// refused are refusals that were collected and not returned as an error.
func (v *visit) refused(rs ledger.Refusals, b *batch.Batch) []Problem {
	out := make([]Problem, 0, len(rs))
	for _, r := range desk.ReasonsOf(rs) {
		out = append(out, v.told(namer{visit: v, batch: b}, r))
	}
	return out
}

// problem is one that the pages themselves find, before a command is made.
func (v *visit) problem(rule, code string, pairs ...string) Problem {
	return Problem{Rule: rule, Code: code, What: v.T("refusal."+code+".what", pairs...), Next: v.T("refusal."+code+".next", pairs...)}
}

func isStop(err error) bool {
	rs := ledger.RefusalsOf(err)
	return len(rs) == 1 && rs[0].Kind == ledger.Stop
}

// told is a reason in the person's language. What the catalogue does not know is told as the domain said it.
func (v *visit) told(n namer, r desk.Reason) Problem {
	p := Problem{Rule: r.Rule, Code: r.Code, What: sentence(r.Detail), Next: sentence(r.Next)}
	args := n.args(r)
	what, ok := v.wording(r.Code, "what", args)
	if ok {
		p.What = what
	}
	next, ok := v.wording(r.Code, "next", args)
	if ok {
		p.Next = next
	}
	return p
}

// wording finds the text of a refusal. One code may be said in several ways, which differ in what they name: then
// the names are part of the key, as in "refusal.same-person.account-step.what".
func (v *visit) wording(code, part string, args map[string]string) (string, bool) {
	text, ok := v.numbered("refusal."+code+"."+argKey(args)+"."+part, args)
	if !ok {
		text, ok = v.numbered("refusal."+code+"."+part, args)
	}
	if !ok || code == "" {
		return "", false
	}
	filled := ledger.Fill(text, args)
	return filled, !strings.Contains(filled, "{")
}

// argKey joins the names of arguments in alphabetical order.
func argKey(args map[string]string) string {
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, "-")
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(s)
	s = strings.ToUpper(string(r[0])) + string(r[1:])
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// unreadable says in the person's language why a label could not be read.
func (v *visit) unreadable(raw string) string {
	_, err := isbt128.ParseScan(raw)
	if err == nil {
		return ""
	}
	code := desk.ProblemOf(err).Code
	text, ok := v.lookup("refusal." + code + ".what")
	if !ok {
		return err.Error()
	}
	return strings.TrimSuffix(text, ".")
}
