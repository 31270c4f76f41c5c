package dev.augur.model.onnx.rows;

import java.util.Collections;
import java.util.List;

/**
 * How often a window fits along the axes of a picture: "Conv" and "MaxPool" in the operators of the ONNX project. Used
 * on one thread.
 *
 * @param kernel lengths of the window
 * @param pads before along each axis, then behind
 * @param ceil whether lengths are rounded up; whether a window may begin in the padding differs then, so they are not
 *     followed
 */
record Windows(
        List<Size> kernel, List<Long> strides, List<Long> dilations, List<Long> pads, String autoPad, boolean ceil) {
    static Windows of(Call call, List<Size> kernel) {
        int axes = kernel.size();
        var windows = new Windows(
                kernel,
                call.list("strides").orElse(Collections.nCopies(axes, 1L)),
                call.list("dilations").orElse(Collections.nCopies(axes, 1L)),
                call.list("pads").orElse(Collections.nCopies(2 * axes, 0L)),
                call.text("auto_pad", "NOTSET"),
                call.number("ceil_mode", 0) != 0);
        boolean complete = windows.strides.size() == axes
                && windows.dilations.size() == axes
                && windows.pads.size() == 2 * axes
                && call.shape(0).size() == axes + 2;
        if (!complete) {
            throw new Refused("has a window that does not fit its input");
        }
        return windows;
    }

    /** The length of an axis of the result; not known where that of the input is not. */
    Size slide(Call call, int axis) {
        var length = call.shape(0).get(axis + 2);
        if (!length.isNumber() || !kernel.get(axis).isNumber() || strides.get(axis) < 1 || ceil) {
            return call.fresh();
        }
        long stride = strides.get(axis);
        if (autoPad.startsWith("SAME")) {
            return Size.of(-Math.floorDiv(-length.factor(), stride));
        }
        boolean valid = autoPad.equals("VALID");
        long padding = valid ? 0 : pads.get(axis) + pads.get(axis + kernel.size());
        long room = length.factor()
                + padding
                - dilations.get(axis) * (kernel.get(axis).factor() - 1)
                - 1;
        return Size.of(Math.floorDiv(room, stride) + 1);
    }
}
