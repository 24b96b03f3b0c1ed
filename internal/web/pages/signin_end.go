package pages

import "rexbatch/internal/web/desk"

// signInEnd is POST /sign-out.
func (v *visit) signInEnd() error {
	err := v.desk.SignOut(v.ctx())
	if err != nil {
		return err
	}
	v.SetCookie(desk.NoCookie(v.Request()))
	return v.to("/sign-in")
}
