// The headers of qpdf 11.3, for those who wrap it (pdf.cc) and its tests.
//
// Its JSON.hh does not compile as C++20 by clang with libstdc++ (a list of a class that is not
// complete yet). Nothing of it is used here: a declaration stands in for it.
#pragma once

// NOLINTBEGIN(readability-identifier-naming)
#define JSON_HH
class JSON;
#define POINTERHOLDER_TRANSITION 4 // without its pointers of before C++11
// NOLINTEND(readability-identifier-naming)

#include <qpdf/Pl_Function.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>
