package pages

import "net/url"

// stepAgain is GET of what is posted in a step: a page with a refusal that is loaded again. It shows the step.
func (v *visit) stepAgain() error {
	return v.to("/batches/" + url.PathEscape(v.Param("batch")) + "?" + url.Values{"step": {v.Param("step")}}.Encode())
}
