package dev.augur.predictionlog.ledger;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of the records stored last, to recognise one that is sent again. Bounded; the oldest is forgotten first. One thread. */
final class RecentIds {
    private static final int LIMIT = 100_000;

    private final LinkedHashMap<String, Boolean> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > LIMIT;
        }
    };

    boolean contains(String id) {
        return ids.containsKey(id);
    }

    void add(String id) {
        ids.put(id, true);
    }

    void addAll(Collection<String> more) {
        more.forEach(this::add);
    }
}
