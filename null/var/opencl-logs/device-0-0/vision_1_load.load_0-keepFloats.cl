#pragma OPENCL EXTENSION cl_khr_fp64 : enable  
#pragma OPENCL EXTENSION cl_khr_fp16 : enable  
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable  
__kernel void keepFloats(__global long *_kernel_context, __constant uchar *_constant_region, __local uchar *_local_region, __global int *_atomics, __global uchar *weights)
{
  float f_4; 
  ulong ul_0, ul_3; 
  int i_1; 
  bool b_2; 

  // BLOCK 0
  ul_0  =  (ulong) weights;
  i_1  =  get_global_id(0);
  b_2  =  i_1 == 0;
  if(b_2)
  {
    // BLOCK 1
    ul_3  =  ul_0 + 16L;
    f_4  =  *((__global float *) ul_3);
    *((__global float *) ul_3)  =  f_4;
  }  // B0
  else
  {
    // BLOCK 2
  }  // B0
  // BLOCK 3 MERGES [2 1 ]
  return;
}  //  kernel
