package expression

import (
	"maps"
	"slices"
)

// nearest is the name that was probably meant: at most two letters differ. Empty where none is so close.
func nearest[T any](name string, known map[string]T) string {
	best, least := "", 3
	if len(name) > 100 {
		return ""
	}
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if d := distance(name, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

func toSet(names []string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}

// distance counts the letters to insert, delete or replace.
func distance(a, b string) int {
	if max(len(a), len(b))-min(len(a), len(b)) > 2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
