package dev.augur.model.demo;

import dev.augur.model.JavaModel;
import dev.augur.model.Model;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelSource;
import dev.augur.model.RowIndependence;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.nio.file.Files;
import java.util.List;

/**
 * The tutorial's model as one of the repository: a version's folder with a file {@code model.doubler} in it. It has no
 * delay. Thread-safe.
 */
public final class DoublerLoader implements ModelLoader {
    private static final String FILE = "model.doubler";
    private static final Shape SHAPE = Shape.of(Shape.VARIABLE, 1);

    @Override
    public boolean accepts(ModelSource source) {
        return Files.isRegularFile(source.directory().resolve(FILE));
    }

    @Override
    public Model load(ModelSource source) {
        return JavaModel.of(
                        source,
                        List.of(new TensorMetadata("feature_value", DataType.FP64, SHAPE)),
                        List.of(new TensorMetadata("prediction", DataType.FP64, SHAPE)),
                        inputs -> List.of(inputs.get(0).mapDoubles("prediction", Doubler::twice)))
                .with(RowIndependence.YES);
    }
}
