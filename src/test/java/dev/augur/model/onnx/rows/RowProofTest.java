package dev.augur.model.onnx.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators as they may be used: which uses keep rows apart, and why the others do not. */
class RowProofTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    13 | Softmax x(?,4) -> y
                    13 | Softmax x(?,3,4) -> y axis=1
                    11 | Softmax x(?,3,4) -> y
                    13 | LpNormalization x(?,4) -> y
                    17 | LayerNormalization x(?,5,4) @4 @4 -> y _ _
                    17 | LayerNormalization x(?,5,4) @5x4 -> y axis=1
                    13 | ReduceSum x(?,4) #[1] -> y
                    13 | ReduceSum x(?,3,4) #[-1,1] -> y keepdims=0
                    13 | ReduceMean x(?,3,4) -> y axes=[1,2] keepdims=0
                    18 | ReduceMax x(?,4) -> y noop_with_empty_axes=1
                    13 | Transpose x(?,3,4) -> t perm=[1,0,2] ; ReduceSum t #[0] -> y keepdims=0
                    13 | ArgMax x(?,4) -> y axis=-1 keepdims=0
                    13 | TopK x(?,4) #[2] -> y z
                    13 | TopK x(?,4) #[2] -> y z axis=1 sorted=1
                    14 | CumSum x(?,4) #1 -> y
                    13 | OneHot x(?) #10 @2 -> y
                    14 | Trilu x(?,5,5) -> y
                    13 | MatMul x(?,4) @4x3 -> y
                    13 | MatMul x(?,5,4) @4x3 -> y
                    13 | MatMul x(?,4) @4 -> y
                    13 | MatMul x(?,5,4) @1x4x3 -> y
                    13 | MatMul x(?,5,4) z(?,4,3) -> y
                    13 | MatMul x(?,2,5,4) z(?,2,4,3) -> y
                    13 | MatMul @5x4 x(?,4,3) -> y
                    13 | Transpose x(?,4) -> t perm=[1,0] ; MatMul @3x4 t -> m ; Transpose m -> y perm=[1,0]
                    13 | Gemm x(?,4) @4x3 @3 -> y
                    13 | Gemm x(?,4) @3x4 @1x3 -> y transB=1
                    13 | Gemm x(?,4) @4x3 z(?,3) -> y
                    13 | Transpose x(?,4) -> t perm=[1,0] ; Gemm t @4x3 -> y transA=1
                    13 | Einsum x(?,4) @4x3 -> y equation=bi,ij->bj
                    13 | Einsum x(?,5,4) z(?,6,4) -> y equation=bqd,bkd->bqk
                    13 | Add x(?,4) @4 -> y
                    13 | Add x(?,4) @1x4 -> y
                    13 | Add x(?,4) z(?,1) -> y
                    13 | Where x(?,4) #0 z(?,4) -> y
                    13 | Where x(?,1,5) z(?,5,5) @5x5 -> y
                    13 | Conv x(?,3,8,8) @4x3x3x3 @4 -> y
                    13 | Conv x(?,3,8,8) @4x3x3x3 -> c pads=[1,1,1,1] strides=[2,2] ; Reshape c #[-1,64] -> y
                    13 | MaxPool x(?,3,8,8) -> p kernel_shape=[2,2] strides=[2,2] ; Flatten p -> f ; Gemm f @48x2 -> y
                    13 | Conv x(?,3,9,9) @4x3x3x3 -> c auto_pad=SAME_UPPER strides=[2,2] ; Reshape c #[-1,100] -> y
                    13 | AveragePool x(?,3,8,8) -> y kernel_shape=[3,3] ceil_mode=1
                    13 | GlobalAveragePool x(?,3,h,w) -> p ; Squeeze p #[2,3] -> y
                    15 | BatchNormalization x(?,3,8,8) @3 @3 @3 @3 -> y
                    15 | InstanceNormalization x(?,3,8,8) @3 @3 -> y
                    13 | Flatten x(?,3,4) -> y
                    13 | Flatten x(?,3,4) -> y axis=-2
                    13 | Reshape x(?,3,4) #[0,-1] -> y
                    13 | Reshape x(?,3,4) #[-1,12] -> y
                    13 | Reshape x(?,12) #[-1,3,4] -> y
                    13 | Reshape x(?,h,w) #[0,-1] -> y
                    13 | Reshape x(?,h,4) #[0,2,-1] -> y
                    13 | Shape x(?,h,w) -> s ; Gather s #0 -> n ; Unsqueeze n #[0] -> u ; Concat u #[-1] -> t axis=0 ; Reshape x t -> y
                    13 | Shape x(?,3,4) -> s ; Slice s #[0] #[1] #[0] -> n ; Concat n #[-1] -> t axis=0 ; Reshape x t -> y
                    15 | Shape x(?,3,4) -> n start=0 end=1 ; Concat n #[12] -> t axis=0 ; Reshape x t -> y
                    13 | Reshape x(?,5,4) #[-1,4] -> f ; MatMul f @4x3 -> m ; Reshape m #[-1,5,3] -> y
                    13 | Transpose x(?,5,4) -> t perm=[1,0,2] ; Reshape t #[-1,4] -> f ; Gemm f @4x3 @3 -> g ; Reshape g #[5,-1,3] -> b ; Transpose b -> y perm=[1,0,2]
                    13 | Shape x(?,c,4) -> s ; Gather s #0 -> n ; Unsqueeze n #[0] -> u ; Gather @9 #[2] -> k ; Concat u k #[4] -> t axis=0 ; Reshape x t -> y
                    13 | Unsqueeze x(?,4) #[1] -> u ; Expand u #[1,3,4] -> y
                    13 | Unsqueeze x(?,4) #[0] -> u ; Squeeze u #[0] -> y
                    11 | Unsqueeze x(?,4) -> u axes=[2] ; Squeeze u -> y axes=[-1]
                    13 | Tile x(?,4) #[1,2] -> y
                    13 | Shape x(?,4) -> s ; ConstantOfShape s -> z ; Add x z -> y
                    13 | Concat x(?,4) z(?,3) -> y axis=1
                    13 | Concat x(?,4) z(?,3) -> y axis=-1
                    13 | Split x(?,4) -> a b axis=1 ; Add a b -> y
                    13 | Slice x(?,4) #[1] #[3] #[1] -> y
                    13 | Slice x(?,9) #[0] #[9] #[1] #[2] -> s ; Reshape s #[-1,5] -> y
                    13 | Slice x(?,9) #[7] #[-9223372036854775808] #[1] #[-2] -> s ; Reshape s #[-1,4] -> y
                    13 | Slice x(?,9) #[-4] #[-1] #[1] -> s ; Reshape s #[-1,3] -> y
                    13 | Slice x(?,4) #[0,1] #[9223372036854775807,3] -> y
                    13 | Slice x(?,4) #[-1] #[-9223372036854775808] #[1] #[-1] -> y
                    9 | Slice x(?,4) -> y starts=[1] ends=[3] axes=[1]
                    13 | Pad x(?,4) #[0,1,0,1] -> y
                    13 | Gather x(?,4) #[0,2] -> y axis=1
                    13 | Gather x(?,4) #0 -> y axis=1
                    13 | Gather @32x8 x(?,5) -> y
                    13 | GatherElements x(?,4) z(?,2) -> y axis=1
                    13 | Resize x(?,3,8,8) _ #[1,1,2,2] -> y
                    13 | QuantizeLinear x(?,4) @1 #0 -> q ; DequantizeLinear q @1 #0 -> y
                    13 | Dropout x(?,4) -> y _
                    13 | Transpose x(?,6,3) -> t perm=[1,0,2] ; LSTM t @1x20x3 @1x20x5 -> all last _ hidden_size=5 ; Squeeze last #[0] -> y
                    14 | GRU x(?,6,3) @1x15x3 @1x15x5 -> y _ layout=1 hidden_size=5
                    13 | Transpose x(?,6,3) -> t perm=[1,0,2] ; RNN t @1x5x3 @1x5x5 _ n(?) -> all last hidden_size=5 ; Squeeze last #[0] -> y
                    13 | ai.onnx.ml:Scaler x(?,4) -> y
                    13 | ai.onnx.ml:TreeEnsembleClassifier x(?,4) -> y z
                    13 | ai.onnx.ml:LinearClassifier x(?,4) -> l s ; ai.onnx.ml:Normalizer s -> y
                    13 | ai.onnx.ml:LabelEncoder x(?) -> y
                    13 | ai.onnx.ml:ArrayFeatureExtractor x(?,4) #[0,2] -> y
                    13 | ai.onnx.ml:FeatureVectorizer x(?,4) z(?,2) -> y
                    13 | com.microsoft:FusedMatMul x(?,4) @3x4 -> y transB=1
                    13 | NonZero @4 -> nz ; Transpose nz -> ids perm=[1,0] ; Gather ids #0 -> i axis=1 ; Add x(?,4) #1 -> y
                    13 | Add x(batch,4) z(unk__3,4) -> y
                    """)
    void keepsRowsApart(long opset, String graph) {
        assertThat(fault(graph, opset)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    13 | Softmax x(?,4) -> y axis=0 | runs along axis 0
                    13 | Softmax x(?,3,4) -> y axis=-3 | runs along axis 0
                    11 | Softmax x(?,3,4) -> y axis=0 | runs along axis 0
                    11 | Transpose x(?,4) -> t perm=[1,0] ; Softmax t -> s ; Transpose s -> y perm=[1,0] | runs along axis 1
                    17 | LayerNormalization x(?,4) @4 -> y axis=0 | runs along axis 0
                    13 | ReduceSum x(?,4) -> y | reduces axis 0
                    13 | ReduceSum x(?,4) #[0] -> y | reduces axis 0
                    13 | ReduceMean x(?,4) -> m axes=[-2] ; Sub x m -> y | reduces axis 0
                    18 | ReduceMax x(?,4) z(?) -> y | takes axes that are not known
                    13 | ArgMax x(?,4) -> y | reduces axis 0
                    13 | TopK x(?,4) #[2] -> y z axis=0 | runs along axis 0
                    14 | CumSum x(?,4) #0 -> y | runs along axis 0
                    14 | CumSum x(?,4) #-2 -> y | runs along axis 0
                    13 | MatMul @3x4 x(?,4) -> y | sums over the rows
                    13 | MatMul x(?) @4 -> y | sums over the rows
                    13 | MatMul x(?,4) z(?) -> y | sums over the rows
                    13 | Transpose z(?,4) -> t perm=[1,0] ; MatMul x(?,4) t -> y | pairs the rows
                    13 | MatMul x(?,4) z(?,4,3) -> y | pairs the rows
                    13 | MatMul x(?,5,4) @7x4x3 -> y | different lengths along axis 0
                    13 | Gemm x(?,4) @4x3 -> y transA=1 | sums over the rows
                    13 | Gemm x(?,4) z(?,4) -> y transB=1 | pairs the rows
                    13 | Gemm x(?,4) @4x3 @5x3 -> y | different lengths along axis 0
                    13 | Einsum x(?,4) z(?,4) -> y equation=ai,bi->ab | pairs rows
                    13 | Einsum x(?,4) -> y equation=bi->i | sums over the rows
                    13 | Einsum x(?,4) @4x3 -> y equation=...i,ij->...j | not followed
                    13 | Add x(?,1) z(?) -> y | pairs the rows
                    13 | Add x(?,4) @5x4 -> y | different lengths along axis 0
                    13 | Add x(?,4) @2x1x4 -> y | does not have its rows along axis 0
                    13 | Where x(?,4) @3x4 z(?,4) -> y | different lengths
                    13 | Conv x(?,3,8,8) z(?,3,3,3) -> y | takes rows as its input 1
                    13 | Transpose x(?,3,8,8) -> t perm=[1,0,2,3] ; Conv t @4x3x3x3 -> y | has rows along axis 1
                    15 | BatchNormalization x(?,3) @3 @3 @3 @3 -> y training_mode=1 | training mode
                    9 | BatchNormalization x(?,3) @3 @3 @3 @3 -> y m v | training mode
                    13 | MeanVarianceNormalization x(?,3,8,8) -> y | runs along axis 0
                    13 | Flatten x(?,4) -> y axis=0 | does not have its rows along axis 0
                    13 | Flatten x(?,3,4) -> y axis=2 | does not have its rows along axis 0
                    13 | Reshape x(?,4) #[-1] -> y | does not have its rows along axis 0
                    13 | Reshape x(?,4) #[1,-1] -> f ; Softmax f -> y | runs along axis 1
                    13 | Reshape x(?,4) #[4,-1] -> y | rows
                    13 | Reshape x(?,h) #[-1,8] -> y | may join rows
                    13 | Reshape x(?,4) z(2) -> y | is not free
                    13 | Transpose x(?,5,4) -> t perm=[1,0,2] ; Reshape t #[-1,4] -> y | does not have its rows along axis 0
                    13 | Transpose x(?,5,4) -> t perm=[1,0,2] ; Reshape t #[-1,4] -> f ; Relu f -> y | folded into one axis
                    13 | Transpose x(?,5,4) -> t perm=[1,0,2] ; Reshape t #[-1,4] -> f ; Gemm f @4x3 z(?,3) -> y | takes rows as its input 2
                    13 | Transpose x(?,5,4) -> t perm=[1,0,2] ; Reshape t #[-1,4] -> f ; Reshape f #[-1,5,4] -> y | joins rows
                    13 | Reshape x(?,2,3) #[1,6] -> y | joins rows
                    13 | Transpose x(?,4) -> y perm=[1,0] | does not have its rows along axis 0
                    13 | NonMaxSuppression x(?,6,4) z(?,1,6) -> y | takes rows out by their values
                    13 | Squeeze x(?,1,4) -> y | drops the rows' axis where there is one row
                    13 | Squeeze x(?,1,4) #[0] -> y | drops axis 0
                    13 | Expand x(?,4) #[3,4] -> y | different lengths
                    13 | Unsqueeze x(?,4) #[0] -> u ; Expand u #[3,1,1] -> y | does not have its rows along axis 0
                    13 | Tile x(?,4) #[2,1] -> y | repeats rows
                    13 | Shape x(?,4) -> s ; Gather s #[0] -> n ; Mul n n -> m ; Concat m #[1] -> t axis=0 ; Tile @1x4 t -> r ; Reshape r #[-1,4] -> y | repeats rows
                    13 | Shape x(?,4) -> s ; Gather s #[0] -> n ; Mul n n -> m ; Concat m #[1] -> t axis=0 ; Expand @1x4 t -> y | has rows along two axes
                    13 | Shape z(?,None) -> s ; Gather s #[1] -> n ; Concat #[-1] n #[4] -> t axis=0 ; Reshape x(?,None,4) t -> y | may join rows
                    13 | Shape x(?,4) -> s ; Gather s #0 -> n ; Cast n -> f to=1 ; Div x f -> y | computes with the number of rows
                    13 | Shape x(?,4) -> s ; Gather s #0 -> n ; Range #0 n #1 -> r ; Unsqueeze r #[1] -> u ; Add x u -> y | numbers the rows
                    13 | Size x(?,4) -> n ; Cast n -> f to=1 ; Mul x f -> y | computes with the number of rows
                    13 | Concat x(?,4) z(?,4) -> y axis=0 | puts rows behind each other
                    13 | Concat x(?,4) @1x4 -> y axis=1 | puts rows beside what has none
                    13 | Split x(?,4) -> a b ; Add a b -> y | splits axis 0
                    13 | Slice x(?,4) #[1] #[9223372036854775807] #[0] -> y | cuts axis 0
                    13 | Slice x(?,4) #[0] #[3] -> y | cuts axis 0
                    13 | Slice x(?,4) #[-1] #[-9223372036854775808] #[0] #[-1] -> y | cuts axis 0
                    13 | Pad x(?,4) #[1,0,0,0] -> y | pads axis 0
                    13 | Pad x(?,4) z(?) -> y | takes pads that are not known
                    13 | Gather x(?,4) #[0] -> y | picks among the rows
                    13 | Gather x(?,4) z(?) -> y axis=1 | pairs the rows
                    13 | GatherElements x(?,4) z(?,4) -> y | picks among the rows
                    13 | ScatterND x(?,4) #[0] @1 -> y | is not known to keep rows apart
                    13 | Resize x(?,3,8,8) _ #[2,1,1,1] -> y | scales axis 0
                    18 | Resize x(?,3,8,8) _ #[1,1,2,2] -> y keep_aspect_ratio_policy=not_larger | is not followed with these attributes
                    13 | Shape x(?,3,8,8) -> s ; Gather s #[0,1,2,0] -> t ; Resize x _ _ t -> y | scales axis 3 by the number of rows
                    13 | QLinearConv x(?,3,8,8) @1 #0 z(?,3,3,3) @1 #0 @1 #0 -> y | takes rows as its input 3
                    13 | DynamicQuantizeLinear x(?,4) -> y s z | takes one scale for all rows
                    13 | QuantizeLinear x(?,4) z(?) -> y | takes rows as its input 1
                    13 | QuantizeLinear x(?,4) @4 -> y axis=0 | takes a scale for each place along axis 0
                    13 | Dropout x(?,4) #0 #1 -> y | is in training mode
                    13 | NonZero x(?,4) -> y | takes rows out by their values
                    13 | Compress x(?,4) @4 -> y axis=0 | takes rows out by their values
                    13 | Unique x(?,4) -> y axis=0 | takes rows out by their values
                    13 | LSTM x(?,1,3) @1x20x3 @1x20x5 -> y hidden_size=5 | runs along axis 0
                    13 | Transpose x(?,6,3) -> t perm=[1,0,2] ; LSTM t @1x20x3 @1x20x5 _ _ @1x1x5 -> y hidden_size=5 | takes one input 5 for all rows
                    14 | Transpose x(?,6,3) -> t perm=[1,0,2] ; GRU t @1x15x3 @1x15x5 -> y layout=1 hidden_size=5 | runs along axis 1
                    13 | ReverseSequence x(?,6) n(?) -> y | has rows where it does not take them
                    13 | Relu x(?,4) -> r ; If #1 -> y then_branch=graph else_branch=graph | runs a graph of its own
                    13 | RandomNormalLike x(?,4) -> y | yields other numbers every time
                    13 | RandomNormal -> r ; Add x(?,4) r -> y | yields other numbers every time
                    13 | StringNormalizer x(?) -> y stopwords=[1] | leaves elements out
                    13 | TfIdfVectorizer x(?) -> y | takes 1 dimensions for one sample
                    13 | ai.onnx.ml:Scaler x(?) -> y | takes 1 dimensions for one sample
                    13 | ai.onnx.ml:ZipMap x(?) -> y | takes 1 dimensions for one sample
                    13 | ai.onnx.ml:ArrayFeatureExtractor x(?) #[0] -> y | picks among the rows
                    13 | ai.onnx.ml:FeatureVectorizer x(?,4) @1x2 -> y | puts rows beside what has none
                    13 | ai.onnx.ml:DictVectorizer x(?,4) -> y | is not known to keep rows apart
                    13 | com.example:Relu x(?,4) -> y | is not known to keep rows apart
                    13 | local:Twice x(?,4) -> y | is defined by the model itself
                    13 | Relu x(?,4) z(?,4) -> y | takes rows as its input 1
                    13 | Add x(?,4) @4 -> h ; Identity @4 -> y | has no rows
                    13 | Shape x(?,4) -> y | has no rows
                    13 | Add x(batch,4) z(seq,4) -> y | called differently: batch, seq
                    13 | MatMul x(n,n) @4x4 -> y | has a further dimension
                    13 | Add x(3,4) #1 -> y | is not free
                    6 | Relu x(?,4) -> y | older than 7
                    """)
    void doesNotKeepRowsApart(long opset, String graph, String reason) {
        assertThat(fault(graph, opset))
                .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
    }

    @Test
    void graphsMadeToGrowAreRefusedAtOnce() {
        var squares = new StringBuilder("Shape x(?,c) -> s ; Gather s #1 -> m0");
        var lists = new StringBuilder("Shape x(?,c) -> l0");
        for (int i = 0; i < 40; i++) {
            squares.append(" ; Mul m")
                    .append(i)
                    .append(" m")
                    .append(i)
                    .append(" -> m")
                    .append(i + 1);
            lists.append(" ; Concat l")
                    .append(i)
                    .append(" l")
                    .append(i)
                    .append(" -> l")
                    .append(i + 1)
                    .append(" axis=0");
        }
        assertThat(fault(squares + " ; Reshape x m40 -> y", 13)).isPresent();
        assertThat(fault(lists + " ; Reshape x l40 -> y", 13)).isPresent();
        assertThat(fault("Slice @1000000000000 #[0] #[9000000000000000000] #[0] #[1] -> s ; Relu x(?,4) -> y", 13))
                .isEmpty();
    }

    private static Optional<String> fault(String line, long opset) {
        var graph = GraphText.graph(line, opset);
        return RowProof.fault(
                graph, graph.outputs().stream().map(Graph.Port::name).toList());
    }
}
