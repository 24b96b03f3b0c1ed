package mbr

import "rexbatch/internal/ledger"

// Head tells which recipe and version a file says that it is, also where the rest of it has faults or cannot be executed:
// so a draft has its place before it is finished. It is false where the file does not say so in a readable way.
func Head(file []byte) (recipe string, version int, ok bool) {
	c := &compiler{recipe: &Recipe{Digest: ledger.DigestOf(file)}, at: map[any]*object{}}
	top := c.parse(file)
	if top == nil {
		return "", 0, false
	}
	o := c.object(top, place{1, 1, 1})
	recipe = o.text("recipe")
	version, _ = o.number("version")
	return recipe, version, formOfCode.MatchString(recipe) && version >= 1
}
