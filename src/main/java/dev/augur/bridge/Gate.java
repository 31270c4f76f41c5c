package dev.augur.bridge;

import dev.augur.access.Doorkeeper;
import dev.augur.access.Principal;
import dev.augur.access.Scope;
import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Future;

/**
 * Who may send to which address, and listen at which. What is of the nodes themselves is open to nobody, whatever the
 * rules say. Confined to one event loop.
 */
final class Gate {
    static final String MODELS = "augur.models.";
    static final String PIPELINES = "augur.pipelines.";
    private static final String PREDICTIONS = "augur.predictions";

    private final BridgeConfig.AddressRules rules;
    private final Doorkeeper doorkeeper;

    /** Which way messages go. */
    enum Way {
        INBOUND,
        OUTBOUND
    }

    Gate(BridgeConfig.AddressRules rules, Doorkeeper doorkeeper) {
        this.rules = rules;
        this.doorkeeper = doorkeeper;
    }

    /**
     * Who that is, if he may; fails otherwise, as {@link Doorkeeper#identify} does, or with {@code PERMISSION_DENIED}.
     *
     * @param shown a key or a token; empty for none
     */
    Future<Principal> known(Way way, String address, String shown) {
        boolean outward = way == Way.OUTBOUND;
        boolean open = outward ? Addresses.mayBeListenedAt(address) : Addresses.mayBeSentTo(address);
        if (!open || !BridgeConfig.AddressRules.allow(outward ? rules.outbound() : rules.inbound(), address)) {
            return Future.failedFuture(new ServingException(
                    ErrorCode.PERMISSION_DENIED,
                    "\"" + address + "\" is not among the addresses that clients may "
                            + (outward ? "listen at" : "send to")));
        }
        if (!doorkeeper.isChecked()) {
            return doorkeeper.identify("");
        }
        if (shown.isEmpty()) {
            return Future.failedFuture(new ServingException(
                    ErrorCode.UNAUTHENTICATED,
                    "a key or a token is needed, in the message's headers: X-API-Key, or Authorization: Bearer"));
        }
        return doorkeeper.identify(shown).compose(principal -> allowed(principal, address));
    }

    private static Future<Principal> allowed(Principal principal, String address) {
        String subject = address.startsWith(MODELS)
                ? address.substring(MODELS.length())
                : address.startsWith(PIPELINES) ? address.substring(PIPELINES.length()) : null;
        Scope scope = subject != null ? Scope.PREDICT : address.startsWith(PREDICTIONS) ? Scope.READ : Scope.ADMIN;
        return principal.grants().allow(scope, subject)
                ? Future.succeededFuture(principal)
                : Future.failedFuture(new ServingException(
                        ErrorCode.PERMISSION_DENIED,
                        "\"" + principal.name() + "\" may not: this needs the scope " + scope.text()));
    }
}
