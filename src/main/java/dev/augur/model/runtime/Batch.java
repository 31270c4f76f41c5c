package dev.augur.model.runtime;

import dev.augur.model.Run;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that one run of a model answers: their inputs one behind the other, their outputs taken apart by rows. Used
 * on one thread, but for {@link #over}.
 */
final class Batch {
    private final List<Inference> members;
    private final BatchClosed closed;
    private final long rows;
    private final Run run = new Run();
    private volatile boolean over;

    /** The members join each other; there is at least one. */
    Batch(List<Inference> members, BatchClosed closed) {
        this.members = List.copyOf(members);
        this.closed = closed;
        long all = 0;
        for (Inference member : members) {
            all += member.rows();
        }
        this.rows = all;
    }

    /** Why it has no further members. */
    BatchClosed closed() {
        return closed;
    }

    List<Inference> members() {
        return members;
    }

    /** The run that answers this batch. */
    Run run() {
        return run;
    }

    /** Whether the worker is done with it. */
    boolean over() {
        return over;
    }

    void end() {
        over = true;
    }

    /** Whether nobody waits for any of its answers. */
    boolean abandoned() {
        for (Inference member : members) {
            if (!member.abandoned()) {
                return false;
            }
        }
        return true;
    }

    /** Rows of all members together; 0 for one that has no batch dimension. */
    long rows() {
        return rows;
    }

    /** Bytes of all inputs. */
    long inputBytes() {
        long bytes = 0;
        for (Inference member : members) {
            bytes += member.inputBytes();
        }
        return bytes;
    }

    /** The inputs of one run. */
    List<Tensor> inputs() {
        var first = members.get(0).inputs();
        if (members.size() == 1) {
            return first;
        }
        var joined = new ArrayList<Tensor>(first.size());
        for (int i = 0; i < first.size(); i++) {
            joined.add(join(i));
        }
        return joined;
    }

    /**
     * Each member's rows of what one run yielded, in the order of the members.
     *
     * @throws UnequalRows when an output has not as many rows as the inputs; its rows cannot be told apart then
     */
    List<List<Tensor>> split(List<Tensor> outputs) {
        if (members.size() == 1) {
            return List.of(outputs);
        }
        var parts = new ArrayList<List<Tensor>>(members.size());
        members.forEach(member -> parts.add(new ArrayList<>(outputs.size())));
        for (Tensor output : outputs) {
            if (output.shape().rank() == 0 || output.shape().dimension(0) != rows()) {
                throw new UnequalRows("output \"" + output.name() + "\" has the shape " + output.shape() + " for "
                        + rows() + " rows");
            }
            var rest = output.elements();
            for (int i = 0; i < members.size(); i++) {
                parts.get(i).add(take(output, members.get(i).rows(), rest));
            }
        }
        return parts;
    }

    private Tensor join(int input) {
        var first = members.get(0).inputs().get(input);
        int bytes = 0;
        for (Inference member : members) {
            bytes = Math.addExact(bytes, member.inputs().get(input).data().limit());
        }
        var data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (Inference member : members) {
            data.put(member.inputs().get(input).elements());
        }
        return new Tensor(first.name(), first.datatype(), first.shape().withRows(rows()), data.flip());
    }

    /** A view of the next rows of an output. */
    private Tensor take(Tensor output, long rows, ByteBuffer rest) {
        Shape shape = output.shape().withRows(rows);
        int start = rest.position();
        if (output.datatype() == DataType.BYTES) {
            for (long i = 0; i < shape.elements(); i++) {
                int length = rest.getInt();
                rest.position(rest.position() + length);
            }
        } else {
            rest.position(
                    start + Math.toIntExact(shape.elements() * output.datatype().elementBytes()));
        }
        var part = rest.duplicate().position(start).limit(rest.position()).slice();
        return new Tensor(output.name(), output.datatype(), shape, part);
    }
}
