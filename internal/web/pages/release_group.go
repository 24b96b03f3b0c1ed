package pages

import "rexbatch/internal/ledger"

// refusalLine is what stands against an act: one rule, or several of a kind under one line with the list on demand.
type refusalLine struct {
	Problem
	List []string
}

// few is how many rules of a kind stand each on a line of their own.
const few = 2

// grouped brings rules of a kind together: an unfinished batch has one for each of its open steps, and nobody finds among
// them what they can do something about.
func (v *visit) grouped(problems []Problem) []refusalLine {
	count := map[string]int{}
	for _, p := range problems {
		count[p.Code]++
	}
	var out []refusalLine
	at := map[string]int{}
	for _, p := range problems {
		text, known := v.lookup("refusal-group." + p.Code)
		if !known || count[p.Code] <= few {
			out = append(out, refusalLine{Problem: p})
			continue
		}
		i, begun := at[p.Code]
		if !begun {
			i = len(out)
			at[p.Code] = i
			one := p
			one.What = ledger.Fill(text, map[string]string{"n": itoa(count[p.Code])})
			out = append(out, refusalLine{Problem: one})
		}
		out[i].List = append(out[i].List, p.What)
	}
	return out
}
