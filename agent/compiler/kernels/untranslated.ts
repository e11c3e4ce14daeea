/** Why the kernels of TensorFlow.js that are not translated are not, and what does the same where something does. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  'it works on complex numbers': ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real'],
  'it works on strings': [
    ...['StaticRegexReplace', 'StringNGrams', 'StringSplit', 'StringToHashBucketFast'],
  ],
  'it works on ragged or sparse tensors; use dense ones': [
    ...['RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'SparseFillEmptyRows'],
    ...['SparseReshape', 'SparseSegmentMean', 'SparseSegmentSum', 'SparseToDense'],
  ],
  'it draws random numbers, which a static graph has none of; make them an input': ['Multinomial'],
  'its result has a size that depends on values': [
    ...[
      'BroadcastArgs',
      'NonMaxSuppressionV3',
      'NonMaxSuppressionV4',
      'NonMaxSuppressionV5',
      'Unique',
    ],
  ],
  'it works on pictures; use tf.conv2d, tf.slice, tf.pad and tf.reverse': [
    ...['CropAndResize', 'Dilation2D', 'Dilation2DBackpropFilter', 'Dilation2DBackpropInput'],
    ...[
      'Draw',
      'FlipLeftRight',
      'FromPixels',
      'LRN',
      'LRNGrad',
      'ResizeBilinear',
      'ResizeBilinearGrad',
    ],
    ...['ResizeNearestNeighbor', 'ResizeNearestNeighborGrad', 'RotateWithOffset', 'Transform'],
  ],
  'it pools; use tf.conv2d with strides, or reshape and reduce': [
    ...['AvgPool', 'AvgPoolGrad', 'AvgPool3D', 'AvgPool3DGrad', 'MaxPool', 'MaxPoolGrad'],
    ...['MaxPool3D', 'MaxPool3DGrad', 'MaxPoolWithArgmax', 'Pool'],
  ],
  'of the convolutions only tf.conv2d is translated': [
    ...['Conv3D', 'Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2', 'DepthwiseConv2dNative'],
    ...['DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput'],
  ],
  'it does several operations at once; call them one by one': [
    ...['_FusedMatMul', 'FusedConv2D', 'FusedDepthwiseConv2D'],
  ],
  'it counts or searches; use tf.oneHot or a comparison, and tf.sum': [
    ...['Bincount', 'DenseBincount', 'LowerBound', 'SearchSorted', 'UpperBound'],
  ],
  'no operation of TensorFlow.js calls it': [
    ...['BroadcastTo', 'LogicalXor', 'LogSoftmax', 'MatrixBandPart'],
  ],
};

export const untranslated: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason])),
);
