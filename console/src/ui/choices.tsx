// A drop-down with check boxes: several values are alternatives.
import { Badge, MenuToggle, Select, SelectList, SelectOption } from "@patternfly/react-core";
import { useState } from "react";

export interface Choice {
  value: string;
  label: string;
}

export function Choices(properties: {
  id: string;
  label: string;
  choices: Choice[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  const { id, label, choices, chosen, onChange } = properties;
  const [isOpen, setOpen] = useState(false);
  const toggleValue = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Select
      id={`${id}-menu`}
      role="menu"
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={(_event, value) => toggleValue(String(value))}
      selected={chosen}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          id={id}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          badge={chosen.length > 0 ? <Badge isRead>{chosen.length}</Badge> : undefined}
        >
          {label}
        </MenuToggle>
      )}
    >
      <SelectList>
        {choices.map(({ value, label: text }) => (
          <SelectOption key={value} value={value} hasCheckbox isSelected={chosen.includes(value)}>
            {text}
          </SelectOption>
        ))}
      </SelectList>
    </Select>
  );
}
