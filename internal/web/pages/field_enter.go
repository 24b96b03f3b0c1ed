package pages

import "rexbatch/batch/mbr"

// fieldEnter is POST /batches/:batch/steps/:step/fields/:field/enter.
func (v *visit) fieldEnter() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	f, err := v.recipeField()
	if err != nil {
		return err
	}
	err = v.plant().Batches.Enter(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.Param("field"), v.input(f))
	if err != nil {
		return v.again(err)
	}
	v.desk.Confirmed(v.ctx(), v.Param("batch"), v.Param("step"), v.Param("field"))
	return v.done("entered")
}

// recipeField is the field of the request, from the batch's recipe.
func (v *visit) recipeField() (*mbr.Field, error) {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return nil, err
	}
	_, err = b.Expects(v.Param("step"), v.Param("field"))
	st, ok := b.Step(v.Param("step"))
	if !ok {
		return nil, err
	}
	f, ok := st.Step.Field(v.Param("field"), b.Site)
	if !ok {
		return nil, err
	}
	return f, nil
}
