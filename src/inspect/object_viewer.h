// Finds one object while a message is walked, as an engine does, and makes the view of it.
//
// Runs in an inspector of its own with no other engine; finds nothing and reports nothing. Confined
// to one thread.
#pragma once

#include <optional>
#include <utility>

#include "images/limits.h"
#include "inspect/engine.h"
#include "inspect/object_view.h"

namespace watchpost::inspect {

class ObjectViewer final : public Engine {
public:
    explicit ObjectViewer(ObjectWish wish) : wish_{std::move(wish)} {}

    [[nodiscard]] std::string_view name() const noexcept override { return "viewer"; }
    void on_message(base::ByteView /*raw*/, const Budget& /*budget*/,
                    FindingSink& /*sink*/) override
    {
    }
    void on_leaf(const Leaf& leaf, const Budget& budget, FindingSink& sink) override;
    void on_unopened(const Unopened& /*container*/, FindingSink& /*sink*/) override {}

    /// What was found; nullopt where the message has no such object, or has another in its place.
    [[nodiscard]] const std::optional<ObjectView>& view() const noexcept { return view_; }

private:
    ObjectWish wish_;
    std::optional<ObjectView> view_;
};

/// The view of a leaf in that form. A fault stands in the view.
[[nodiscard]] ObjectView make_view(const Leaf& leaf, ViewForm form);

} // namespace watchpost::inspect
