package pages

import (
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// actSign is POST /batches/:batch/acts/:act: a signature over exactly what was shown (I8).
func (v *visit) actSign() error {
	number, act := v.Param("batch"), mbr.Act(v.Param("act"))
	role, _, _ := release.RoleOf(act)
	author, err := v.desk.Acting("", desk.Is(role))
	if err != nil {
		return v.releaseAgain(err)
	}
	err = v.declared(number, act)
	if err != nil {
		return v.releaseAgain(err)
	}
	shown, err := v.wasShown()
	if err != nil {
		return v.releaseAgain(err)
	}
	err = v.plant().Release.Sign(v.ctx(), author, number, act, shown, v.desk.Signer(author.Role, v.FormValue("password")))
	if err != nil {
		return v.releaseAgain(err)
	}
	return v.to("/batches/" + number + "/release?done=signed")
}

// wasShown is over what the signer had before them, as the page said.
func (v *visit) wasShown() (ledger.Digest, error) {
	shown, err := ledger.ParseDigest(v.FormValue("shown"))
	if err != nil {
		return shown, ledger.Refuse(ledger.Stale, "I8", "nothing-shown", "Nothing was shown that could be signed.", "Open what is to be signed.")
	}
	return shown, nil
}

// declared holds that the person ticked every declaration themselves (QP-2).
func (v *visit) declared(number string, act mbr.Act) error {
	b, err := v.plant().Batches.Load(v.ctx(), number)
	if err != nil {
		return err
	}
	for i := range release.Show(b, act).Declaration {
		if v.FormValue("declaration."+itoa(i)) == "" {
			return ledger.Refuse(ledger.Unmet, "QP-2", "declaration-open", "a declaration is not ticked", "read every declaration and tick it, then sign")
		}
	}
	return nil
}
