package expression

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"rexbatch/batch/formula"
)

const (
	maxSource = 2000  // bytes of an expression
	maxCost   = 20000 // of CEL's units; the longest expression that is not made to be slow needs a hundredth
	maxFaults = 20    // what an author can use at once
)

// Expression is a compiled condition or formula. It is immutable.
type Expression struct {
	source   string
	result   Type
	types    Scope // of the references that it names
	refs     []string
	formulas []formula.ID
	program  cel.Program
}

// Compile reads an expression and holds that it can only give a value of the wanted type: a Bool for a condition; a Number in the
// unit of the field, or one that converts into it; a Text out of the codes of the field. The error is Faults.
func Compile(source string, scope Scope, want Type) (*Expression, error) {
	if len(source) > maxSource || !utf8.ValidString(source) {
		return nil, Faults{{To: len(source), Code: CodeTooLong, What: fmt.Sprintf("an expression has at most %d bytes of UTF-8 text", maxSource), Fix: "move a part of it into a computed field"}}
	}
	base, err := language()
	if err != nil {
		return nil, fmt.Errorf("expressions: %w", err)
	}
	t := newText(source)
	parsed, issues := base.Parse(source)
	if issues.Err() != nil {
		return nil, t.syntax(issues)
	}
	tree := parsed.NativeRep()
	t.parsed(tree.Expr(), tree.SourceInfo())
	c := &checker{text: t, scope: scope, factory: ast.NewExprFactory(), nextID: ast.MaxID(tree)}
	got := c.check(tree.Expr())
	if got.Kind != 0 && len(c.faults) == 0 {
		c.result(tree.Expr(), got, want)
	}
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b *Fault) int { return cmp.Compare(a.From, b.From) })
		return nil, c.faults[:min(len(c.faults), maxFaults)]
	}
	e := &Expression{source: source, result: want, types: Scope{}, refs: c.refs, formulas: c.formulas}
	for _, name := range c.refs {
		e.types[name] = scope[name]
	}
	e.program, err = c.plan(base, parsed, e)
	if err != nil {
		return nil, err
	}
	return e, nil
}

// plan lets CEL check what the checker accepted: both have to agree.
func (c *checker) plan(base *cel.Env, parsed *cel.Ast, e *Expression) (cel.Program, error) {
	var variables []cel.EnvOption
	for _, name := range e.refs {
		variables = append(variables, cel.Variable(name, e.types[name].cel()), cel.Variable(presencePrefix+name, cel.BoolType))
	}
	scoped, err := base.Extend(variables...)
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", e.source, err)
	}
	checked, issues := scoped.Check(parsed)
	if issues.Err() != nil {
		why := issues.Errors()[0].Message
		return nil, Faults{{To: len(e.source), Code: CodeNotChecked, What: "CEL refuses it: " + why, Fix: "write it in a simpler way"}}
	}
	program, err := scoped.Program(checked, cel.CostLimit(maxCost))
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", e.source, err)
	}
	return program, nil
}

// result holds that what the expression gives is what is wanted.
func (c *checker) result(e ast.Expr, got, want Type) {
	switch {
	case got.Kind != want.Kind:
		c.fault(e, CodeResult, "write an expression that gives "+want.String(), "this gives %s and has to give %s", got, want)
	case got.Kind == Number && !converts(got.Unit, want.Unit):
		c.fault(e, CodeResult, sameUnit(want.Unit), "this gives %s and has to give %s", got, want)
	case want.Codes != nil && got.Codes == nil:
		c.fault(e, CodeResult, "give one of "+list(want.Codes), "this gives %s and has to give %s", got, want)
	case want.Codes != nil:
		for _, code := range got.Codes {
			if !slices.Contains(want.Codes, code) {
				c.notAnOption(e, code, want)
			}
		}
	}
}

// syntax tells what CEL could not read. Only the first place counts: the rest follows from it.
func (t *text) syntax(issues *cel.Issues) Faults {
	first := issues.Errors()[0]
	if first.Location == nil || first.Location.Line() < 1 {
		return Faults{{To: len(t.source), Code: CodeSyntax, What: "the expression is nested too deeply", Fix: "move a part of it into a computed field"}}
	}
	from, to := t.word(t.offset(first.Location.Line(), first.Location.Column()))
	f := &Fault{From: from, To: to, Code: CodeSyntax}
	switch word := t.source[from:to]; {
	case strings.HasPrefix(first.Message, presence+"("):
		f.What, f.Fix = first.Message, "write has(S31.branch)"
	case word == "":
		f.What, f.Fix = "the expression is not complete", "write what follows, or close the bracket"
	case word == "=":
		f.What, f.Fix = "a single = means nothing", "write == to compare"
	case word == "and" || word == "or" || word == "not":
		f.What, f.Fix = fmt.Sprintf("%q is not a word of expressions", word), "write && for and, || for or, ! for not"
	case word == `"` || word == "'":
		f.What, f.Fix = "a text is not closed", "close the quotation mark"
	default:
		f.What, f.Fix = fmt.Sprintf("%q is not understood here", word), "check what stands before it: an operator, a comma or a bracket may be missing"
	}
	return Faults{f}
}

func (t Type) cel() *cel.Type {
	switch t.Kind {
	case Bool:
		return cel.BoolType
	case Text:
		return cel.StringType
	case Texts:
		return cel.ListType(cel.StringType)
	case Number:
		return numberType
	case Time:
		return cel.TimestampType
	}
	return cel.DurationType
}
