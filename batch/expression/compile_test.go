package expression_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/expression"
	"rexbatch/batch/formula"
	"rexbatch/internal/quantity"
)

func number(unit quantity.Unit) expression.Type {
	return expression.Type{Kind: expression.Number, Unit: unit}
}

func kind(k expression.Kind) expression.Type { return expression.Type{Kind: k} }

func choice(codes ...string) expression.Type {
	return expression.Type{Kind: expression.Text, Codes: codes}
}

// scope is a small recipe.
var scope = expression.Scope{
	"this":                  number("EU/mL"),
	"S10.t0":                kind(expression.Time),
	"S10.arrived":           kind(expression.Time),
	"S12.lot":               kind(expression.Text),
	"S12.findings":          {Kind: expression.Texts, Codes: []string{"clots", "leak", "none"}},
	"S24.run_time":          number("min"),
	"S24.mass":              number("g"),
	"S27.volume":            number("mL"),
	"S27.bag":               number("L"),
	"S29.conc":              number("10^6/mL"),
	"S29.analyser":          number("10^9/L"),
	"S29.viability":         number("%"),
	"S29.lymph":             number("% of WBC"),
	"S29.tubes":             number("n"),
	"S29.clear":             kind(expression.Bool),
	"S31.branch":            choice("full", "low_dose", "stop"),
	"S31.other":             choice("yes", "no"),
	"S40.cd34":              number("n"),
	"S40.beads":             number("n"),
	"S40.bead_conc":         number("beads/uL"),
	"S40.bead_volume":       number("uL"),
	"S40.sample":            number("uL"),
	"param.dose_target":     number("cells"),
	"param.undiluted":       number("x"),
	"param.limit":           number("h"),
	"param.temperature_max": number("degC"),
}

func TestCompiles(t *testing.T) {
	for source, want := range map[string]expression.Type{
		`S29.viability >= q("70 %")`:                                                    kind(expression.Bool),
		`S29.viability >= q("70 %") && S31.branch in ["full", "low_dose"]`:              kind(expression.Bool),
		`S31.branch == "full" ? S29.clear : !S29.clear || has(S31.other)`:               kind(expression.Bool),
		`S31.branch != "stop" && S12.lot != "A" && "clots" in S12.findings`:             kind(expression.Bool),
		`S10.arrived - S10.t0 <= d("48 h") && S10.t0 + duration("4h30m") > S10.arrived`: kind(expression.Bool),
		`S10.arrived - S10.t0 < d(param.limit)`:                                         kind(expression.Bool),
		`minutes(S10.arrived - S10.t0)`:                                                 number("h"),
		`S10.t0 + d("2 d")`:                                                             kind(expression.Time),
		`max(S10.t0, S10.arrived) - min(S10.t0, S10.arrived)`:                           kind(expression.Duration),
		`abs(-(S10.t0 - S10.arrived))`:                                                  kind(expression.Duration),
		`S29.conc * S27.volume`:                                                         number("cells"),
		`S29.analyser * S27.bag * S29.viability`:                                        number("cells"),
		`S29.conc * S27.volume / S27.bag`:                                               number("10^9/L"),
		`S27.bag + S27.volume`:                                                          number("mL"),
		`(S29.viability + S29.viability) / q("2")`:                                      number("%"),
		`S27.volume / S27.bag`:                                                          number("ratio"),
		`S24.mass / q("1.06 g/mL")`:                                                     number("mL"),
		`round(S29.conc, 1)`:                                                            number("10^9/L"),
		`sum(S27.volume, S27.bag, q("1 mL"))`:                                           number("mL"),
		`to(S27.volume, "L")`:                                                           number("L"),
		`S31.branch == "stop" ? "no" : "yes"`:                                           choice("yes", "no", "perhaps"),
		`S31.branch`:                                                                    kind(expression.Text),
		`S12.findings`:                                                                  {Kind: expression.Texts},
		`this < q("5.00 EU/mL")`:                                                        kind(expression.Bool),
		`F02(S29.conc, S27.volume, param.undiluted)`:                                    number("cells"),
		`F02(S29.analyser, S27.bag, q("20 x")) >= param.dose_target`:                    kind(expression.Bool),
		`M01(S29.conc, S29.analyser)`:                                                   number("10^6/mL"),
		`F16(S29.lymph, S29.lymph, S29.lymph)`:                                          number("%"),
		`F19(S40.cd34, S40.beads, null, S40.bead_conc, S40.bead_volume, S40.sample, q("10 x"))`: number("/uL"),
		`F11(S10.t0, q("48 h"), S10.arrived, param.limit)`:                                      kind(expression.Time),
		`F11(S10.t0, q("2 d"), S10.arrived, param.limit, S10.t0, S10.t0)`:                       kind(expression.Time),
		"S29.viability // the mean of both (chambers\n >= q('70 %')":                            kind(expression.Bool),
		`param.temperature_max - q("2 degC") < q("8 degC")`:                                     kind(expression.Bool),
	} {
		_, err := expression.Compile(source, scope, want)
		require.NoError(t, err, source)
	}
}

func TestReferences(t *testing.T) {
	e, err := expression.Compile(`has(S31.branch) && F02(S29.conc, S27.volume, param.undiluted) > q("1 cells") && S29.conc * S27.volume != F09(param.dose_target, S29.conc) * S29.conc && this < this`,
		scope, kind(expression.Bool))
	require.NoError(t, err)
	require.Equal(t, []string{"S31.branch", "S29.conc", "S27.volume", "param.undiluted", "param.dose_target", "this"}, e.References())
	require.Equal(t, []formula.ID{"F02", "F09"}, e.Formulas())
	require.Contains(t, e.Source(), "has(S31.branch)")
}

// TestFaults shows for each fault what is underlined.
func TestFaults(t *testing.T) {
	condition := kind(expression.Bool)
	deep := strings.Repeat("!(", 300) + "S29.clear" + strings.Repeat(")", 300)
	for _, c := range []struct {
		source string
		want   expression.Type
		code   string
		under  string // the part that is underlined
		fix    string // a part of the fix
	}{
		{`S27.volume + S24.mass > q("1 mL")`, condition, expression.CodeUnits, `S27.volume + S24.mass`, "mL"},
		{`S27.volume + (S24.mass - q("5 g")) > q("1 mL")`, condition, expression.CodeUnits, `S27.volume + (S24.mass - q("5 g"))`, "mL"},
		{`S29.clear && (S27.volume + q("5 g")) > q("1 mL")`, condition, expression.CodeUnits, `S27.volume + q("5 g")`, "mL"},
		{`S29.clear && S29.lymph > q("5 %")`, condition, expression.CodeUnits, `S29.lymph > q("5 %")`, "% of WBC"},
		{`S29.lymph + S29.viability`, number("%"), expression.CodeUnits, `S29.lymph + S29.viability`, "% of WBC"},
		{`S27.volume * S27.volume`, number("mL"), expression.CodeUnits, `S27.volume * S27.volume`, "F10"},
		{`S29.conc / param.temperature_max > q("1")`, condition, expression.CodeUnits, `S29.conc / param.temperature_max`, "F10"},
		{`S29.viability > 70`, condition, expression.CodeBareNumber, `70`, `q("70 %")`},
		{`70.5 <= S29.viability`, condition, expression.CodeBareNumber, `70.5`, `q("70.5 %")`},
		{`S27.volume * 2`, number("mL"), expression.CodeBareNumber, `2`, `q("2 mL")`},
		{`F02(25.4, S27.volume, param.undiluted)`, number("cells"), expression.CodeBareNumber, `25.4`, `q("25.4 10^6/mL")`},
		{`S31.branch == "ful"`, condition, expression.CodeNotAnOption, `"ful"`, `"full"`},
		{`"nothing like it" != S31.branch`, condition, expression.CodeNotAnOption, `"nothing like it"`, `"full", "low_dose", "stop"`},
		{`S31.branch in ["full", "low"]`, condition, expression.CodeNotAnOption, `"low"`, `"full", "low_dose", "stop"`},
		{`"clot" in S12.findings`, condition, expression.CodeNotAnOption, `"clot"`, `"clots"`},
		{`S31.branch == S31.other`, condition, expression.CodeNotAnOption, `S31.branch == S31.other`, "share"},
		{`S31.branch == "stop" ? "maybe" : "yes"`, choice("yes", "no"), expression.CodeNotAnOption, `S31.branch == "stop" ? "maybe" : "yes"`, `"yes"`},
		{`S12.lot`, choice("yes", "no"), expression.CodeResult, `S12.lot`, `"yes"`},
		{`S12.lot == S29.viability`, condition, expression.CodeKinds, `S12.lot == S29.viability`, `q("70 %")`},
		{`S12.lot < "A"`, condition, expression.CodeKinds, `S12.lot < "A"`, "=="},
		{`S29.clear && S29.viability`, condition, expression.CodeKinds, `S29.viability`, "yes or no"},
		{`S29.viability in ["a"]`, condition, expression.CodeKinds, `S29.viability`, "a text"},
		{`S12.lot in [S29.viability]`, condition, expression.CodeKinds, `S29.viability`, "a text"},
		{`S12.lot in S12.lot`, condition, expression.CodeKinds, `S12.lot`, "list"},
		{`S12.findings == "clots"`, condition, expression.CodeKinds, `S12.findings == "clots"`, "in"},
		{`S24.run_time < S10.t0 - S10.arrived`, condition, expression.CodeKinds, `S24.run_time < S10.t0 - S10.arrived`, "minutes"},
		{`S10.t0 + S10.t0 > S10.t0`, condition, expression.CodeKinds, `S10.t0 + S10.t0`, "same kind"},
		{`d("1 h") - S10.t0 > d("1 h")`, condition, expression.CodeKinds, `d("1 h") - S10.t0`, "same kind"},
		{`d("1 h") * q("2") > d("1 h")`, condition, expression.CodeKinds, `d("1 h") * q("2")`, "minutes"},
		{`-S31.branch == "full"`, condition, expression.CodeKinds, `-S31.branch`, "number"},
		{`abs(S31.branch) == "full"`, condition, expression.CodeKinds, `S31.branch`, "number"},
		{`S29.clear ? S27.volume : S31.branch`, number("mL"), expression.CodeKinds, `S31.branch`, "same kind"},
		{`S29.clear ? S27.volume : S27.bag`, number("mL"), expression.CodeUnits, `S27.bag`, `to(…, "mL")`},
		{`min(S27.volume, S24.mass)`, number("mL"), expression.CodeUnits, `S24.mass`, "mL"},
		{`max(S27.volume, S10.t0)`, number("mL"), expression.CodeKinds, `S10.t0`, ""},
		{`sum(S10.t0, S10.t0)`, kind(expression.Time), expression.CodeKinds, `S10.t0`, "numbers"},
		{`min(S27.volume)`, number("mL"), expression.CodeArguments, `min(S27.volume)`, "min("},
		{`S99.volume > q("1 mL")`, condition, expression.CodeUnknownReference, `S99.volume`, "S27.volume"},
		{`S29 . viabillity > q("1 %")`, condition, expression.CodeUnknownReference, `S29 . viabillity`, "S29.viability"},
		{`has(S77.nothing_like_it)`, condition, expression.CodeUnknownReference, `has(S77.nothing_like_it)`, "S29.viability"},
		{`nothing`, condition, expression.CodeUnknownReference, `nothing`, "S29.viability"},
		{`string`, condition, expression.CodeUnknownReference, `string`, "S29.viability"},
		{`F99(S27.volume)`, condition, expression.CodeUnknownFunction, `F99(S27.volume)`, "F0"},
		{`size(S12.findings) == q("1")`, condition, expression.CodeUnknownFunction, `size(S12.findings)`, "has"},
		{`has(S31.branch, S31.other)`, condition, expression.CodeUnknownFunction, `has(S31.branch, S31.other)`, "has(S31.branch)"},
		{`F13(S27.volume)`, number("degC"), expression.CodeUnknownFunction, `F13(S27.volume)`, ""},
		{`F02(S29.conc)`, number("cells"), expression.CodeArguments, `F02(S29.conc)`, "F02(conc_e6_per_ml, volume_ml, dilution)"},
		{`F02(S29.conc, S24.mass, param.undiluted)`, number("cells"), expression.CodeUnits, `S24.mass`, `"mL"`},
		{`F02(S29.conc, S10.t0, param.undiluted)`, number("cells"), expression.CodeKinds, `S10.t0`, "a number"},
		{`F02(S29.conc, null, param.undiluted)`, number("cells"), expression.CodeNotSupported, `null`, "has"},
		{`F11(S10.t0, S27.volume, S10.arrived, param.limit)`, kind(expression.Time), expression.CodeUnits, `S27.volume`, `"h"`},
		{`q("70 procent") < S29.viability`, condition, expression.CodeBadLiteral, `"70 procent"`, `q("70 %")`},
		{`q("70%") < S29.viability`, condition, expression.CodeBadLiteral, `"70%"`, `q("70 %")`},
		{`q("<5 %") < S29.viability`, condition, expression.CodeBadLiteral, `"<5 %"`, `q("70 %")`},
		{`q(S12.lot) < S29.viability`, condition, expression.CodeBadLiteral, `S12.lot`, `q("70 %")`},
		{`d("4 mL") > d("1 h")`, condition, expression.CodeBadLiteral, `"4 mL"`, `d("4 h")`},
		{`d(S27.volume) > d("1 h")`, condition, expression.CodeUnits, `S27.volume`, "min, h or d"},
		{`duration("1.5h") > d("1 h")`, condition, expression.CodeBadLiteral, `"1.5h"`, `duration("4h30m")`},
		{`duration("soon") > d("1 h")`, condition, expression.CodeBadLiteral, `"soon"`, `duration("4h30m")`},
		{`round(S29.viability, S29.viability)`, number("%"), expression.CodeBadLiteral, `S29.viability`, "round("},
		{`round(S29.viability, -1)`, number("%"), expression.CodeBadLiteral, `-1`, "round("},
		{`to(S27.volume, "g")`, number("g"), expression.CodeUnits, `to(S27.volume, "g")`, "g"},
		{`to(S27.volume, "litre")`, number("L"), expression.CodeBadLiteral, `"litre"`, "unit table"},
		{`minutes(S27.volume)`, number("min"), expression.CodeKinds, `S27.volume`, "span"},
		{`S27.volume`, number("g"), expression.CodeResult, `S27.volume`, "g"},
		{`S27.volume`, condition, expression.CodeResult, `S27.volume`, "yes or no"},
		{`S12.findings.all(x, x == "clots")`, condition, expression.CodeNotSupported, `S12.findings.all(x, x == "clots")`, "before"},
		{`S12.findings[0] == "clots"`, condition, expression.CodeNotSupported, `S12.findings[0]`, "functions"},
		{`{"a": S29.clear}["a"]`, condition, expression.CodeNotSupported, `{"a": S29.clear}["a"]`, "functions"},
		{`{"a": S29.clear} == S29.clear`, condition, expression.CodeNotSupported, `{"a": S29.clear}`, "condition"},
		{`S29.volume{a: 1}`, condition, expression.CodeNotSupported, `{a: 1}`, "condition"},
		{`["a"] == S12.findings`, condition, expression.CodeNotSupported, `["a"]`, "in"},
		{`(S29.clear ? S29.clear : S29.clear).x`, condition, expression.CodeNotSupported, `(S29.clear ? S29.clear : S29.clear).x`, "S29.viability"},
		{`b"x" == S12.lot`, condition, expression.CodeNotSupported, `b"x"`, "text"},
		{`S12.lot == null`, condition, expression.CodeNotSupported, `null`, "has"},
		{`S27.volume % S27.volume > q("1 mL")`, condition, expression.CodeNotSupported, `S27.volume % S27.volume`, "+"},
		{`S29.viability = q("70 %")`, condition, expression.CodeSyntax, `=`, "=="},
		{`S29.clear and S29.clear`, condition, expression.CodeSyntax, `and`, "&&"},
		{`S29.clear && `, condition, expression.CodeSyntax, ``, "bracket"},
		{``, condition, expression.CodeSyntax, ``, "write"},
		{`q("70 %`, condition, expression.CodeSyntax, `"`, "quotation"},
		{"S29.clear &&\n S29.clear)", condition, expression.CodeSyntax, `)`, "bracket"},
		{`has(S29.clear && S29.clear)`, condition, expression.CodeSyntax, `&`, "has(S31.branch)"},
		{"F02( // a)\n S29.conc)", number("cells"), expression.CodeArguments, "F02( // a)\n S29.conc)", "F02("},
		{`F02(q(")"))`, number("cells"), expression.CodeArguments, `F02(q(")"))`, "F02("},
		{deep, number("10^6/mL"), expression.CodeSyntax, deep, "computed field"},
		{`S12.lot == "µé" && S12.lot < "é"`, condition, expression.CodeKinds, `S12.lot < "é"`, "=="},
	} {
		_, err := expression.Compile(c.source, scope, c.want)
		f := faults(t, c.source, err)[0]
		require.Equal(t, c.code, f.Code, "%s: %s", c.source, f.What)
		require.Equal(t, c.under, c.source[f.From:f.To], "%s: %s", c.source, f.What)
		require.Contains(t, f.Fix, c.fix, c.source)
	}
}

func faults(t require.TestingT, source string, err error) expression.Faults {
	var found expression.Faults
	require.ErrorAs(t, err, &found, source)
	require.NotEmpty(t, found)
	for _, f := range found {
		require.True(t, 0 <= f.From && f.From <= f.To && f.To <= len(source), "%s: %d to %d", source, f.From, f.To)
		require.NotEmpty(t, f.What, source)
		require.NotEmpty(t, f.Fix, source)
		require.NotContains(t, f.What+f.Fix, "%!", source)
	}
	return found
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	source := `S27.volume + S24.mass > 5 && S31.branch != "ful" && S29.viabilty < q("1 %") && S29.conc * S27.volume > q("1 mL")`
	_, err := expression.Compile(source, scope, kind(expression.Bool))
	var under []string
	for _, f := range faults(t, source, err) {
		under = append(under, source[f.From:f.To])
	}
	require.Equal(t, []string{`S27.volume + S24.mass`, `5`, `"ful"`, `S29.viabilty`, `S29.conc * S27.volume > q("1 mL")`}, under)
	require.Contains(t, err.Error(), "at 0: ")
}

func TestBounds(t *testing.T) {
	for _, source := range []string{string(make([]byte, 3000)), "\xff", "S29.clear" + string(make([]byte, 2000))} {
		_, err := expression.Compile(source, scope, kind(expression.Bool))
		require.Equal(t, expression.CodeTooLong, faults(t, source, err)[0].Code)
	}
}
