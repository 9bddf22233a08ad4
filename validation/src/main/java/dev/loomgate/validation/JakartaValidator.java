package dev.loomgate.validation;

import dev.loomgate.toolkit.RecordValidator;
import dev.loomgate.toolkit.Request;
import jakarta.validation.Configuration;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Locale;

/// Validates records by the annotations of Jakarta Validation 3.1 on their components, and those within them that are
/// marked as `@Valid`:
///
/// ```java
/// record Order(@NotBlank @Size(max = 40) String customer, @NotEmpty List<@Valid Item> items) {}
///
/// record Item(@Pattern(regexp = "[a-z]+") String article, @Min(1) @Max(99) int count) {}
///
/// WebApplication.of(...).withValidator(JakartaValidator.create().inLanguages("en", "de"))
/// ```
///
/// Records stay as they are, and nothing is generated for them. Their constructors come first: a record that can't be
/// made isn't validated. Messages, also those of an application's own `ValidationMessages.properties`, are in the
/// language that suits the client best. The provider is the one that is found, Hibernate Validator unless a build has
/// another; what a constraint's class does is done in the request's microthread.
///
/// On the module path a record's package is open to the provider, too: `opens shop to dev.loomgate.toolkit,
/// org.hibernate.validator`.
///
/// For all threads.
public final class JakartaValidator implements RecordValidator {
    private final Validator validator;
    private final List<String> languages;

    private JakartaValidator(Validator validator, List<String> languages) {
        this.validator = validator;
        this.languages = languages;
    }

    /// Records are validated in English, by the provider and its settings (`META-INF/validation.xml`).
    ///
    /// @throws jakarta.validation.ValidationException if there is no provider, or the settings are wrong
    // It lasts as long as the application; no provider holds anything that must be closed.
    @SuppressWarnings("MustBeClosedChecker")
    public static JakartaValidator create() {
        Configuration<?> settings = Validation.byDefaultProvider().configure();
        ValidatorFactory factory = settings.messageInterpolator(new Messages(settings.getDefaultMessageInterpolator()))
                .buildValidatorFactory();
        JakartaValidator made = new JakartaValidator(factory.getValidator(), List.of("en"));
        made.validate(new Rehearsal(0), Locale.ENGLISH);
        return made;
    }

    /// The same with messages in these languages, for who prefers one of them by `Accept-Language`; others have the
    /// first. A provider keeps what it has read of a language, so a client can't have it read any other.
    ///
    /// @param tags such as `en` and `pt-BR` (BCP 47)
    /// @throws IllegalArgumentException if there are none, or one isn't well-formed
    public JakartaValidator inLanguages(String... tags) {
        if (tags.length == 0) {
            throw new IllegalArgumentException("inLanguages: no language is given");
        }
        for (String tag : tags) {
            if (Locale.forLanguageTag(tag).getLanguage().isEmpty()) {
                throw new IllegalArgumentException("inLanguages: \"" + tag + "\" is no language, such as \"en\"");
            }
        }
        return new JakartaValidator(validator, List.of(tags));
    }

    /// The first violations, in an order that depends on their places alone.
    @Override
    public List<Violation> violations(Record made, Request request) {
        return validate(made, locale(request));
    }

    private List<Violation> validate(Record made, Locale locale) {
        return Messages.in(locale, () -> validator.validate(made)).stream()
                .filter(found -> !found.getMessage().equals(Messages.UNTOLD))
                .map(found -> new Violation(Steps.of(found.getPropertyPath()), found.getMessage()))
                .sorted(Steps.ORDER)
                .toList();
    }

    private Locale locale(Request request) {
        String tag = languages.size() == 1
                ? languages.getFirst()
                : request.acceptLanguages().bestMatch(languages).orElse(languages.getFirst());
        return Locale.forLanguageTag(tag);
    }

    /// What has the provider's classes loaded at the start, and not in the first request.
    private record Rehearsal(@Min(1) int number) {}
}
