/*
 * ".form-submissions.": a form that is sent is "Form: Submission"; one that the
 * browser finds invalid is not.
 */

{
    const tag = document.currentScript;

    addEventListener(
        'submit',
        ({target}) => {
            if (
                (!tag.only || tag.only.formSubmissions) &&
                !tag.tagged?.(target, 'submit') &&
                (target.noValidate || target.checkValidity?.())
            )
                tag.track('Form: Submission');
        },
        true,
    );
}
