package dev.augur.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do. Immutable, thread-safe.
 *
 * @param scopes what is allowed as a whole
 * @param models the models and pipelines that may be asked even where not all may
 */
public record Grants(Set<Scope> scopes, Set<String> models) {
    /** Everything. */
    public static final Grants ALL = new Grants(EnumSet.allOf(Scope.class), Set.of());

    /** What a scope may be, in words. */
    public static final String EXPECTED = "predict, predict:<model or pipeline>, read or admin";

    private static final String ONE_MODEL = "predict:";

    public Grants {
        scopes = Set.copyOf(scopes);
        models = Set.copyOf(models);
    }

    /** Those of these texts that are scopes; what else stands there is of no concern. */
    public static Grants known(Collection<String> texts) {
        var scopes = EnumSet.noneOf(Scope.class);
        var models = new TreeSet<String>();
        for (String text : texts) {
            if (text.startsWith(ONE_MODEL) && text.length() > ONE_MODEL.length()) {
                models.add(text.substring(ONE_MODEL.length()));
            } else {
                Scope.of(text).ifPresent(scopes::add);
            }
        }
        return new Grants(scopes, models);
    }

    /** The first of these texts that is no scope. */
    public static Optional<String> unknown(Collection<String> texts) {
        return texts.stream()
                .filter(text -> known(List.of(text)).texts().isEmpty())
                .findFirst();
    }

    /**
     * Whether that is allowed.
     *
     * @param model the model or pipeline that it is about, if it is about one
     */
    public boolean allow(Scope scope, @Nullable String model) {
        return scopes.contains(scope) || (scope == Scope.PREDICT && model != null && models.contains(model));
    }

    /** As they stand in a key file. */
    public List<String> texts() {
        var texts = new ArrayList<String>();
        scopes.stream().sorted().map(Scope::text).forEach(texts::add);
        models.stream().sorted().map(model -> ONE_MODEL + model).forEach(texts::add);
        return texts;
    }
}
