package dev.augur.model.onnx.rows;

import java.util.List;

/** How an operator treats rows. Thread-safe. */
interface Rule {
    /**
     * What is known of the node's outputs, of further ones nothing.
     *
     * @throws Refused if it does not keep the rows apart
     */
    List<Value> apply(Call call);
}
